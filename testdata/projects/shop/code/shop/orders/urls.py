from django.urls import path

from . import views

app_name = "orders"

urlpatterns = [
    path("", views.my_orders, name="list"),
    path("checkout/", views.checkout, name="checkout"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/cancel/", views.cancel_order, name="cancel"),
]
