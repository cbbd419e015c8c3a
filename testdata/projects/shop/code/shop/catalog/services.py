from django.db import transaction
from django.db.models import F

from .models import Product, StockLevel


class OutOfStock(Exception):
    def __init__(self, product, wanted):
        super().__init__("%s: %d wanted" % (product.sku, wanted))
        self.product = product
        self.wanted = wanted


class Availability:
    def free_pieces(self, product):
        if product.digital:
            return 9999
        level = StockLevel.objects.filter(product=product).first()
        return level.free if level else 0

    def can_sell(self, product, wanted):
        return not product.hidden and self.free_pieces(product) >= wanted


@transaction.atomic
def reserve(product, wanted):
    if product.digital:
        return
    level = StockLevel.objects.select_for_update().filter(product=product).first()
    if level is None or level.free < wanted:
        raise OutOfStock(product, wanted)
    level.reserved = F("reserved") + wanted
    level.save(update_fields=["reserved", "changed_at"])


def release(product, pieces):
    StockLevel.objects.filter(product=product).update(reserved=F("reserved") - pieces)


def visible_products():
    return Product.objects.filter(hidden=False, category__hidden=False)
