from django.urls import path

from .views import apply

app_name = "promotions"

urlpatterns = [path("apply/", apply, name="apply")]
