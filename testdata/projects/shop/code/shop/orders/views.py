from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from shop.cart.services import cart_of
from shop.core.registry import fetch

from .checkout import CheckoutFailed, CheckoutService
from .models import Order
from .services import OrderBook, cancel


def checkout(request):
    cart = cart_of(request)
    service = CheckoutService(request)
    if request.method == "POST":
        try:
            order = service.place(cart, request.POST)
        except CheckoutFailed as problem:
            messages.error(request, str(problem))
        else:
            return redirect("orders:detail", number=order.number)
    return render(request, "orders/checkout.html", {"cart": cart, "errors": service.errors})


@login_required
def my_orders(request):
    return render(request, "orders/list.html", {"orders": OrderBook().of_customer(request.user)})


@login_required
def detail(request, number):
    order = get_object_or_404(Order, number=number, customer=request.user)
    ledger = fetch("payments.services", "PaymentLedger")()
    return render(request, "orders/detail.html", {"order": order, "paid": ledger.balance(order)})


@login_required
@require_POST
def cancel_order(request, number):
    order = get_object_or_404(Order, number=number, customer=request.user)
    if not cancel(order, request.POST.get("reason", "by customer")):
        messages.error(request, "This order is already on its way.")
    return redirect("orders:detail", number=number)
