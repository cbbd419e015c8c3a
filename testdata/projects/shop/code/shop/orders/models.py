from django.conf import settings
from django.db import models

from shop.cart.models import Cart
from shop.core.models import StampedModel


class Order(StampedModel):
    OPEN, PAID, SENT, CANCELLED = "open", "paid", "sent", "cancelled"
    STATES = [(OPEN, "Open"), (PAID, "Paid"), (SENT, "Sent"), (CANCELLED, "Cancelled")]

    number = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="orders"
    )
    cart = models.ForeignKey(Cart, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=10, choices=STATES, default=OPEN)
    mail = models.EmailField()
    address_text = models.TextField()
    country = models.CharField(max_length=2, default="DE")
    goods = models.DecimalField(max_digits=9, decimal_places=2)
    discount = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    shipping = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=9, decimal_places=2)
    settled_by = models.OneToOneField(
        "billing.PaymentEntry", null=True, blank=True, on_delete=models.SET_NULL
    )
    products = models.ManyToManyField("catalog.Product", through="orders.OrderLine")

    class Meta:
        db_table = "shop_orders"
        ordering = ["-created_at"]

    def mark_paid(self, entry):
        self.state = self.PAID
        self.settled_by = entry
        self.save(update_fields=["state", "settled_by", "changed_at"])

    def can_be_cancelled(self):
        return self.state in (self.OPEN, self.PAID)


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT)
    name = models.CharField(max_length=140)
    quantity = models.PositiveSmallIntegerField()
    unit_price = models.DecimalField(max_digits=9, decimal_places=2)
    returned = models.PositiveSmallIntegerField(default=0)

    def total(self):
        return self.unit_price * (self.quantity - self.returned)


class OrderEvent(StampedModel):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    text = models.CharField(max_length=200)
