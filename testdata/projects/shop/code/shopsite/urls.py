from django.contrib import admin
from django.urls import include, path

from shop.catalog import views as catalog_views

urlpatterns = [
    path("", catalog_views.front_page, name="front"),
    path("admin/", admin.site.urls),
    path("account/", include("shop.accounts.urls")),
    path("products/", include("shop.catalog.urls")),
    path("search/", include("shop.search.urls")),
    path("cart/", include("shop.cart.urls")),
    path("coupons/", include("shop.promotions.urls")),
    path("orders/", include("shop.orders.urls")),
    path("payments/", include("shop.payments.urls")),
    path("office/reports/", include("shop.reports.urls")),
]
