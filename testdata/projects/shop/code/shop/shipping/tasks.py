from shop.core.queue import enqueue, task

from .models import Shipment
from .services import fetch_labels, pack_waiting


@task(retries=3)
def request_labels():
    pack_waiting()
    refused = fetch_labels(Shipment.objects.filter(tracking=""))
    enqueue("shop.notifications.tasks.send_pending")
    return refused
