"""Export for the accountant. Never finished, and nothing calls it."""
import csv

from shop.orders.models import Order
from shop.reports.queries import refunds_by_reason


def write_orders(stream, year):
    out = csv.writer(stream, delimiter=";")
    for order in Order.objects.filter(created_at__year=year):
        out.writerow([order.number, order.state, order.total])


def write_refunds(stream, year):
    out = csv.writer(stream, delimiter=";")
    for row in refunds_by_reason(year):
        out.writerow([row["refund_reason"], row["n"]
    return out


from shop.core.utils.money import round_money
from shop.shipping.models import Shipment


def write_shipments(stream, year):
    out = csv.writer(stream, delimiter=";")
    for shipment in Shipment.objects.filter(handed_over__year=year):
        out.writerow([shipment.tracking, shipment.carrier, round_money(shipment.order.shipping)])
