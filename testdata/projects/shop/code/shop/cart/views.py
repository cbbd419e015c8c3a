from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shop.cart.services import CartProblem, cart_of, put, shown_total, take_out


def show(request):
    cart = cart_of(request)
    return render(
        request,
        "cart/show.html",
        {"cart": cart, "items": cart.items.select_related("product"), "total": shown_total(cart)},
    )


@require_POST
def add(request):
    try:
        quantity = int(request.POST.get("quantity", 1))
        put(cart_of(request), request.POST["sku"], quantity)
    except ValueError:
        messages.error(request, "How many?")
    except CartProblem as problem:
        messages.error(request, str(problem))
    return redirect("cart:show")


@require_POST
def remove(request, sku):
    take_out(cart_of(request), sku)
    return redirect("cart:show")
