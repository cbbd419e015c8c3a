from django.urls import path

from . import views

app_name = "catalog"

urlpatterns = [
    path("in/<slug:slug>/", views.category_page, name="category"),
    path("<slug:slug>/", views.product_page, name="product"),
]
