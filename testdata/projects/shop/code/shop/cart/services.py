from django.db import transaction

from shop.catalog.models import Product
from shop.core.registry import fetch
from shop.promotions.rules import MAX_PERCENT, percent_off

from .models import Cart, CartItem

MAX_PIECES = 50


class CartProblem(Exception):
    pass


def cart_of(request):
    if request.user.is_authenticated:
        cart, _ = Cart.objects.get_or_create(user=request.user, closed=False)
        return cart
    if not request.session.session_key:
        request.session.save()
    cart, _ = Cart.objects.get_or_create(session_key=request.session.session_key, closed=False)
    return cart


def put(cart, sku, quantity):
    product = Product.objects.filter(sku=sku).first()
    if product is None:
        raise CartProblem("There is no product %s." % sku)
    if quantity < 1 or quantity > MAX_PIECES:
        raise CartProblem("Please order between 1 and %d pieces." % MAX_PIECES)
    shelf = fetch("catalog.services", "Availability")()
    if not shelf.can_sell(product, quantity):
        raise CartProblem("%s is sold out." % product.name)
    item, created = CartItem.objects.get_or_create(
        cart=cart, product=product, defaults={"quantity": quantity}
    )
    if not created:
        item.quantity = min(item.quantity + quantity, MAX_PIECES)
        item.save(update_fields=["quantity"])
    return item


def take_out(cart, sku):
    return CartItem.objects.filter(cart=cart, product__sku=sku).delete()[0]


@transaction.atomic
def merge(guest, own):
    """A visitor signs in: what was in the guest's cart moves over."""
    for item in guest.items.select_related("product"):
        put(own, item.product.sku, item.quantity)
    guest.closed = True
    guest.save(update_fields=["closed", "changed_at"])


def shown_total(cart):
    total = cart.goods_total()
    if cart.user is not None and cart.user.loyalty_percent:
        total -= percent_off(total, min(cart.user.loyalty_percent, MAX_PERCENT))
    return total
