from django.db import models

from shop.cart.models import Cart
from shop.core.models import StampedModel


class Coupon(StampedModel):
    code = models.CharField(max_length=24, unique=True)
    percent = models.PositiveSmallIntegerField(default=0)
    amount = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    max_uses = models.PositiveIntegerField(default=0)
    category = models.ForeignKey(
        "catalog.Category", null=True, blank=True, on_delete=models.SET_NULL
    )

    def runs_on(self, day):
        if day < self.valid_from:
            return False
        return self.valid_until is None or day <= self.valid_until


class Redemption(StampedModel):
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="redemptions")
    cart = models.OneToOneField(Cart, on_delete=models.CASCADE, related_name="redemption")
    saved = models.DecimalField(max_digits=9, decimal_places=2)
