from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from shop.core.models import StampedModel


class PaymentMethod(models.Model):
    name = models.CharField(max_length=40)
    gateway_code = models.SlugField(max_length=20)
    active = models.BooleanField(default=True)
    fee = models.DecimalField(max_digits=6, decimal_places=2, default=0)


class PaymentEntry(StampedModel):
    """One row for everything that happens to money.

    The columns below `amount` are filled depending on the type.
    """

    CHARGE, REFUND, CHARGEBACK = "charge", "refund", "chargeback"
    TYPES = [(CHARGE, "Charge"), (REFUND, "Refund"), (CHARGEBACK, "Chargeback")]

    type = models.CharField(max_length=12, choices=TYPES, default=CHARGE)
    method = models.ForeignKey(PaymentMethod, null=True, on_delete=models.PROTECT)
    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    target_id = models.PositiveIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    gateway_ref = models.CharField(max_length=64, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    refund_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    refund_reason = models.CharField(max_length=120, blank=True)
    dispute_code = models.CharField(max_length=12, blank=True)
    dispute_due = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "payment entries"

    def signed_amount(self):
        if self.type == self.CHARGE:
            return self.amount
        return -self.amount
