from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from shop.core.utils.money import ZERO, split_evenly

from .gateways import GatewayError, gateway_for
from .models import PaymentEntry, PaymentMethod


class PaymentDesk:
    """Takes and returns money for anything that has a primary key."""

    def method(self, code):
        return PaymentMethod.objects.filter(gateway_code=code, active=True).first()

    def charge(self, target, amount, method):
        reference = gateway_for(method).capture("%s-%d" % (target._meta.model_name, target.pk), amount)
        return PaymentEntry.objects.create(
            type=PaymentEntry.CHARGE,
            method=method,
            target_type=ContentType.objects.get_for_model(target),
            target_id=target.pk,
            amount=amount,
            gateway_ref=reference,
            captured_at=timezone.now(),
        )

    def charge_in_parts(self, target, amount, method, parts):
        return [self.charge(target, share, method) for share in split_evenly(amount, parts)]

    @transaction.atomic
    def refund(self, entry, amount, reason):
        if entry.type != PaymentEntry.CHARGE:
            raise GatewayError("only charges can be refunded")
        return PaymentEntry.objects.create(
            type=PaymentEntry.REFUND,
            method=entry.method,
            target_type=entry.target_type,
            target_id=entry.target_id,
            amount=amount,
            refund_of=entry,
            refund_reason=reason,
        )


class PaymentLedger:
    def balance(self, target):
        kind = ContentType.objects.get_for_model(target)
        entries = PaymentEntry.objects.filter(target_type=kind, target_id=target.pk)
        return sum((entry.signed_amount() for entry in entries), ZERO)

    def day_total(self, day):
        entries = PaymentEntry.objects.filter(captured_at__date=day)
        return entries.aggregate(total=Sum("amount"))["total"] or ZERO
