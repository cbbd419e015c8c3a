from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("new/", views.sign_up, name="sign_up"),
    path("addresses/", views.addresses, name="addresses"),
    path("addresses/<int:address_id>/prefer/", views.make_preferred, name="prefer"),
]
