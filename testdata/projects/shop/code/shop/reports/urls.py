from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("<int:year>/<int:month>/", views.month, name="month"),
    path("stock/", views.stock, name="stock"),
    path("refunds/", views.refunds, name="refunds"),
]
