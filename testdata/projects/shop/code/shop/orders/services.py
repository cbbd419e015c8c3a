from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from shop.catalog.services import release
from shop.core.utils import round_money
from shop.notifications.services import order_cancelled

from .models import Order, OrderEvent, OrderLine

if TYPE_CHECKING:
    from shop.accounts.models import User


class OrderBook:
    """The questions other apps ask about orders."""

    def find(self, number: str) -> Order | None:
        return Order.objects.filter(number=number).first()

    def of_customer(self, user: User) -> list[Order]:
        return list(Order.objects.filter(customer=user)[:50])

    def paid_between(self, first: datetime.date, last: datetime.date):
        return Order.objects.filter(state=Order.PAID, created_at__date__range=(first, last))

    def waiting_for_dispatch(self):
        return Order.objects.filter(state=Order.PAID).prefetch_related("lines__product")

    def turnover(self, first, last):
        total = self.paid_between(first, last).aggregate(total=Sum("total"))["total"]
        return round_money(total or 0)


def next_number(today):
    prefix = today.strftime("%Y%m-")
    last = Order.objects.filter(number__startswith=prefix).order_by("-number").first()
    count = int(last.number[len(prefix):]) if last else 0
    return "%s%05d" % (prefix, count + 1)


@transaction.atomic
def cancel(order, reason):
    if not order.can_be_cancelled():
        return False
    for line in OrderLine.objects.filter(order=order).select_related("product"):
        release(line.product, line.quantity - line.returned)
    order.state = Order.CANCELLED
    order.save(update_fields=["state", "changed_at"])
    OrderEvent.objects.create(order=order, text="cancelled: " + reason[:150])
    order_cancelled(order)
    return True
