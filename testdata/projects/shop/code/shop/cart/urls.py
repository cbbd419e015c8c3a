from django.urls import path

from . import views

app_name = "cart"

urlpatterns = [
    path("", views.show, name="show"),
    path("add/", views.add, name="add"),
    path("remove/<str:sku>/", views.remove, name="remove"),
]
