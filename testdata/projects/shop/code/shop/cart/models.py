from decimal import Decimal

from django.conf import settings
from django.db import models

from shop.core.models import StampedModel


class Cart(StampedModel):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="carts"
    )
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    closed = models.BooleanField(default=False)
    coupon_code = models.CharField(max_length=24, blank=True)

    def pieces(self):
        return sum(item.quantity for item in self.items.all())

    def goods_total(self):
        return sum((item.line_total() for item in self.items.all()), Decimal("0.00"))

    def is_empty(self):
        return not self.items.exists()


class CartItem(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE)
    quantity = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        unique_together = [("cart", "product")]

    def line_total(self):
        return self.product.price * self.quantity
