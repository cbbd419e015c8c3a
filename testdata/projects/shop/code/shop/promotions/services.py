from django.db import transaction

from shop.cart.models import Cart, CartItem
from shop.cart.services import CartProblem
from shop.core.registry import fetch

from .models import Coupon, Redemption
from .rules import MAX_PERCENT, fixed_off, percent_off


def eligible_total(coupon, cart):
    items = CartItem.objects.filter(cart=cart).select_related("product")
    if coupon.category_id:
        items = items.filter(product__category_id=coupon.category_id)
    return sum(item.line_total() for item in items)


def discount_for(coupon, cart):
    total = eligible_total(coupon, cart)
    if coupon.percent:
        return percent_off(total, min(coupon.percent, MAX_PERCENT))
    return fixed_off(total, coupon.amount)


def check(code, cart, today):
    coupon = Coupon.objects.filter(code__iexact=code).first()
    if coupon is None or not coupon.runs_on(today):
        raise CartProblem("This code is not valid.")
    if coupon.max_uses and coupon.redemptions.count() >= coupon.max_uses:
        raise CartProblem("This code has been used up.")
    if cart.user is not None:
        directory = fetch("accounts.services", "AccountDirectory")()
        if directory.is_blocked(cart.user, today):
            raise CartProblem("This code cannot be used with your account.")
    return coupon


@transaction.atomic
def redeem(coupon, cart):
    saved = discount_for(coupon, cart)
    Redemption.objects.update_or_create(cart=cart, defaults={"coupon": coupon, "saved": saved})
    Cart.objects.filter(pk=cart.pk).update(coupon_code=coupon.code)
    return saved


def forget_abandoned(before):
    stale = Cart.objects.filter(closed=False, changed_at__lt=before)
    return Redemption.objects.filter(cart__in=stale).delete()[0]
