from django.conf import settings


def shop_details(request):
    return {
        "shop_name": settings.SHOP_NAME,
        "shop_currency": settings.SHOP_CURRENCY,
    }
