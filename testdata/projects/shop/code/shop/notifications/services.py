from shop.core.registry import fetch
from shop.orders.models import Order, OrderEvent

from .models import Message
from .texts import body_for, subject_for


def _write(order, subject, body):
    Message.objects.create(order=order, recipient=order.mail, subject=subject, body=body)
    OrderEvent.objects.create(order=order, text="told customer: " + subject[:150])


def _language(order):
    if order.customer is None:
        return "en"
    return fetch("accounts.services", "AccountDirectory")().language_of(order.customer)


def order_placed(order):
    _write(order, subject_for(order), body_for(order, _language(order)))


def order_cancelled(order):
    if Order.objects.filter(pk=order.pk, state=Order.CANCELLED).exists():
        _write(order, subject_for(order), body_for(order, _language(order), "We are sorry."))


def goods_returned(order):
    _write(order, "Your parcel for %s is back" % order.number, body_for(order, _language(order)))


def parcel_sent(order, tracking):
    text = "You can follow the parcel under %s." % tracking
    _write(order, subject_for(order), body_for(order, _language(order), text))


def papers_again(order):
    """For the telephone: the customer lost the first mail."""
    if order.state == Order.CANCELLED:
        order_cancelled(order)
    else:
        order_placed(order)
