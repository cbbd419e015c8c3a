from shop.core.registry import fetch, model_for
from shop.core.utils import *
from shop.orders.models import Order


def month_table(year, month):
    first, last = month_bounds(year, month)
    book = fetch("orders.services", "OrderBook")()
    ledger = fetch("payments.services", "PaymentLedger")()
    table = [("Turnover", format_money(book.turnover(first, last)))]
    for state, title in Order.STATES:
        count = Order.objects.filter(state=state, created_at__date__range=(first, last)).count()
        table.append((title, str(count)))
    table.append(("Money in on the first day", format_money(ledger.day_total(first))))
    return table


def shelf_value():
    total = ZERO
    for level in model_for("catalog", "StockLevel").objects.select_related("product"):
        total += level.product.price * level.on_hand
    return round_money(total)


def saved_column(spec, order):
    """`spec` is typed in by the office as module:function."""
    module, _, name = spec.partition(":")
    return fetch(module, name)(order)
