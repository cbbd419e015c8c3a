from django.db.models.signals import pre_delete
from django.dispatch import receiver

from shop.orders.models import Order

from .models import Message


@receiver(pre_delete, sender=Order)
def drop_unsent(sender, instance, **kwargs):
    Message.objects.filter(order=instance, sent_at=None).delete()
