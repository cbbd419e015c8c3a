from django.db import models

from shop.core.models import StampedModel
from shop.orders.models import Order


class Message(StampedModel):
    MAIL, LETTER = "mail", "letter"

    channel = models.CharField(max_length=8, default=MAIL)
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="messages")
    recipient = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
