import json

from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt

from shop.core.registry import model_for

from .models import PaymentEntry


@csrf_exempt
def gateway_hook(request):
    try:
        event = json.loads(request.body)
    except ValueError:
        return HttpResponseBadRequest("not JSON")
    entry = model_for("billing", "PaymentEntry").objects.filter(gateway_ref=event.get("id")).first()
    if entry is None:
        return HttpResponse(status=204)
    if event.get("kind") == "dispute":
        PaymentEntry.objects.create(
            type=PaymentEntry.CHARGEBACK,
            target_type=entry.target_type,
            target_id=entry.target_id,
            amount=entry.amount,
            dispute_code=event.get("code", ""),
        )
    elif event.get("kind") == "paid" and entry.target is not None:
        entry.target.mark_paid(entry)
    return HttpResponse(status=204)
