import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.core.registry import fetch
from shop.core.utils import next_working_day
from shop.notifications.services import parcel_sent
from shop.orders.models import Order

from .carriers_de import carrier_for, label_lines
from .models import Parcel, ParcelLine, Shipment


@transaction.atomic
def pack(order):
    lines = [line for line in order.lines.select_related("product") if not line.product.digital]
    if not lines:
        return None
    grams = sum(line.product.weight_grams * line.quantity for line in lines)
    shipment = Shipment.objects.create(order=order, carrier=carrier_for(grams))
    parcel = Parcel.objects.create(shipment=shipment, grams=grams)
    for line in lines:
        ParcelLine.objects.create(parcel=parcel, line=line, pieces=line.quantity)
    return shipment


def pack_waiting():
    book = fetch("orders.services", "OrderBook")()
    return [pack(order) for order in book.waiting_for_dispatch() if not order.shipments.exists()]


def fetch_labels(shipments):
    """One request per parcel; the carrier has no call for many."""
    refused = []
    for shipment in shipments:
        for parcel in shipment.parcels.all():
            answer = requests.post(
                settings.CARRIER_ENDPOINT,
                json={
                    "carrier": shipment.carrier,
                    "grams": parcel.grams,
                    "label": label_lines(shipment.carrier, shipment.order.address_text),
                },
                timeout=20,
            )
            if answer.status_code >= 400:
                refused.append(parcel.pk)
                continue
            shipment.tracking = answer.json()["tracking"]
            shipment.label_url = answer.json()["label"]
            shipment.save()
    return refused


@transaction.atomic
def hand_over(shipment):
    shipment.handed_over = next_working_day(timezone.localdate())
    shipment.save(update_fields=["handed_over", "changed_at"])
    order = shipment.order
    order.state = Order.SENT
    order.save(update_fields=["state", "changed_at"])
    parcel_sent(order, shipment.tracking)
