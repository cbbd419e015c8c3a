"""Settings of the shop, shared by all machines.

Whatever differs per machine comes from the environment.
"""
import os

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

SECRET_KEY = os.environ.get("SHOP_SECRET_KEY", "only-for-development")
DEBUG = os.environ.get("SHOP_DEBUG", "1") == "1"
ALLOWED_HOSTS = os.environ.get("SHOP_HOSTS", "localhost").split(",")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "shop.core",
    "shop.accounts",
    "shop.catalog.apps.CatalogConfig",
    "shop.search",
    "shop.cart",
    "shop.promotions",
    "shop.payments.apps.PaymentsConfig",
    "shop.orders.apps.OrdersConfig",
    "shop.notifications.apps.NotificationsConfig",
    "shop.shipping",
    "shop.reports",
    "shop.legacy_import",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shop.core.middleware.RequestClockMiddleware",
]

ROOT_URLCONF = "shopsite.urls"
WSGI_APPLICATION = "shopsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [os.path.join(BASE_DIR, "templates")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.core.context.shop_details",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(BASE_DIR, "shop.sqlite3"),
    }
}

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
LOGIN_URL = "accounts:login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
STATIC_URL = "/static/"

SHOP_NAME = "Harbour & Sons"
SHOP_CURRENCY = "EUR"
SHOP_MAIL_FROM = "orders@shop.invalid"
SHOP_FREE_SHIPPING_FROM = "80.00"
CARRIER_ENDPOINT = os.environ.get("CARRIER_ENDPOINT", "https://carrier.invalid/v2/labels")
CARD_ENDPOINT = os.environ.get("CARD_ENDPOINT", "https://cards.invalid/capture")

# name of the job -> (function, every so many minutes)
JOBS = {
    "mail": ("shop.notifications.tasks.send_pending", 5),
    "reindex": ("shop.search.tasks.reindex_changed", 30),
    "labels": ("shop.shipping.tasks.request_labels", 15),
}
