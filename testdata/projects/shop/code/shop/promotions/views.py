from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from shop.cart.services import CartProblem, cart_of

from . import services


@require_POST
def apply(request):
    cart = cart_of(request)
    try:
        coupon = services.check(request.POST.get("code", ""), cart, timezone.localdate())
    except CartProblem as problem:
        messages.error(request, str(problem))
    else:
        saved = services.redeem(coupon, cart)
        messages.success(request, "You save %s." % saved)
    return redirect("cart:show")
