import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from shop.core.queue import task
from shop.orders.models import Order

from .models import Message

MAX_FAILURES = 5


@task(retries=1)
def send_pending():
    waiting = Message.objects.filter(sent_at=None, channel=Message.MAIL, failures__lt=MAX_FAILURES)
    for message in waiting.order_by("pk")[:200]:
        try:
            send_mail(message.subject, message.body, settings.SHOP_MAIL_FROM, [message.recipient])
        except OSError:
            message.failures += 1
        else:
            message.sent_at = timezone.now()
        message.save()


@task()
def remind_unpaid(days):
    limit = timezone.now() - datetime.timedelta(days=days)
    for order in Order.objects.filter(state=Order.OPEN, created_at__lt=limit):
        Message.objects.create(
            order=order,
            recipient=order.mail,
            subject="Your order %s is not paid yet" % order.number,
            body="Please pay %s." % order.total,
        )
