from django.urls import path

from .views import gateway_hook

app_name = "payments"

urlpatterns = [path("hook/", gateway_hook, name="hook")]
