"""From a cart to an order.

Everything that ever had to do with placing an order ended up in one class.
"""
import logging
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.accounts.models import Address
from shop.cart.services import CartProblem
from shop.catalog.services import OutOfStock, reserve
from shop.core.registry import fetch, model_for
from shop.notifications import services as notices
from shop.payments.gateways import GatewayError
from shop.promotions.services import check, redeem

import shop.core.utils.money as money

from .models import Order, OrderEvent, OrderLine
from .services import next_number

log = logging.getLogger("shop.checkout")

COUNTRY_RATES = {"DE": "4.90", "AT": "8.90", "CH": "14.50"}
HEAVY_GRAMS = 10000


class CheckoutFailed(Exception):
    pass


class CheckoutService:
    def __init__(self, request=None):
        self.request = request
        self.errors = {}
        self.hints = []
        self.parts = 1
        self.trace = []

    def read_form(self, data):
        cleaned = {}
        for field in ("mail", "name", "street", "postcode", "city"):
            value = data.get(field, "").strip()
            if not value and not data.get("address"):
                self.errors[field] = "missing"
            cleaned[field] = value
        if cleaned["mail"] and "@" not in cleaned["mail"]:
            self.errors["mail"] = "not an address"
        country = data.get("country", "DE").upper()
        if country not in COUNTRY_RATES:
            self.errors["country"] = "we do not deliver there"
        cleaned["country"] = country
        cleaned["method"] = data.get("method") or "invoice"
        cleaned["address"] = data.get("address")
        cleaned["code"] = data.get("code", "").strip()
        return cleaned

    def resolve_address(self, user, cleaned):
        if user is not None and cleaned["address"]:
            address = Address.objects.filter(user=user, pk=cleaned["address"]).first()
            if address is None:
                raise CheckoutFailed("Please choose an address.")
            return address
        address = Address(
            name=cleaned["name"],
            street=cleaned["street"],
            postcode=cleaned["postcode"],
            city=cleaned["city"],
            country=cleaned["country"],
        )
        if user is not None:
            address.user = user
            address.preferred = not user.addresses.exists()
            address.save()
        return address

    def check_lines(self, cart):
        shelf = fetch("catalog.services", "Availability")()
        if cart.is_empty():
            raise CheckoutFailed("Your cart is empty.")
        for item in cart.items.select_related("product"):
            product = item.product
            if product.hidden:
                raise CheckoutFailed("%s is no longer sold." % product.name)
            if not product.digital and not shelf.can_sell(product, item.quantity):
                left = shelf.free_pieces(product)
                if left > 0:
                    raise CheckoutFailed("Only %d of %s left." % (left, product.name))
                raise CheckoutFailed("%s is sold out." % product.name)
            if item.quantity > 20 and product.weight_grams > 2000:
                self.hints.append("freight")

    def discount(self, cart, code, today):
        if not code and not cart.coupon_code:
            return money.ZERO
        try:
            coupon = check(code or cart.coupon_code, cart, today)
        except CartProblem as problem:
            if code:
                raise CheckoutFailed(str(problem))
            log.info("cart %s lost its coupon: %s", cart.pk, problem)
            return money.ZERO
        saved = redeem(coupon, cart)
        if coupon.percent and saved > cart.goods_total() / 2:
            log.warning("coupon %s took more than half of cart %s", coupon.code, cart.pk)
        return saved

    def shipping_cost(self, cart, country, goods):
        grams, physical = 0, False
        for item in cart.items.all():
            if not item.product.digital:
                physical = True
                grams += item.product.weight_grams * item.quantity
        if not physical:
            return money.ZERO
        rate = Decimal(COUNTRY_RATES.get(country, "19.00"))
        if country == "DE" and goods >= Decimal(settings.SHOP_FREE_SHIPPING_FROM):
            rate = money.ZERO
        if grams > HEAVY_GRAMS:
            rate += Decimal("12.00")
        elif grams > HEAVY_GRAMS / 2:
            rate += Decimal("4.00")
        return rate

    def tax_included(self, order):
        total = money.ZERO
        for line in order.lines.all():
            percent = line.product.tax_percent
            if order.country == "CH" or percent == 0:
                continue
            total += line.total() * percent / (100 + percent)
        return money.round_money(total)

    def looks_risky(self, user, address, total):
        points = 0
        if user is None:
            points += 1
        elif user.orders.filter(state=Order.CANCELLED).count() > 3:
            points += 3
        if address.country != "DE" and total > 500:
            points += 2
        if total > 1500 or "postbox" in address.street.lower():
            points += 2
        if user is not None and not user.profile.newsletter and user.phone == "":
            points += 1
        return points >= 4

    def write_order(self, cart, address, cleaned, amounts, today):
        goods, discount, shipping = amounts
        order = Order.objects.create(
            number=next_number(today),
            customer=cart.user,
            cart=cart,
            mail=cleaned["mail"] or cart.user.email,
            address_text="\n".join(address.as_lines()),
            country=address.country,
            goods=goods,
            discount=discount,
            shipping=shipping,
            total=max(goods - discount, money.ZERO) + shipping,
        )
        for item in cart.items.select_related("product"):
            OrderLine.objects.create(
                order=order,
                product=item.product,
                name=item.product.name,
                quantity=item.quantity,
                unit_price=item.product.price,
            )
        cart.closed = True
        cart.save(update_fields=["closed", "changed_at"])
        return order

    def reserve_goods(self, order):
        for line in order.lines.select_related("product"):
            try:
                reserve(line.product, line.quantity)
            except OutOfStock as problem:
                raise CheckoutFailed("%s was just sold." % problem.product.name)

    def choose_parts(self, total, method_code):
        if method_code == "card" and total > 900:
            self.parts = 3
        elif method_code == "card" and total > 400:
            self.parts = 2
        else:
            self.parts = 1

    def take_money(self, order, method_code):
        desk = fetch("payments.services", "PaymentDesk")()
        method = desk.method(method_code)
        if method is None:
            raise CheckoutFailed("This way of paying is not offered.")
        if order.total <= 0:
            return None
        try:
            if self.parts > 1:
                entries = desk.charge_in_parts(order, order.total + method.fee, method, self.parts)
                entry = entries[-1]
            else:
                entry = desk.charge(order, order.total + method.fee, method)
        except GatewayError as problem:
            log.error("order %s: %s", order.number, problem)
            raise CheckoutFailed("The payment did not go through.")
        if method.gateway_code != "invoice":
            order.mark_paid(entry)
        return entry

    def place(self, cart, data):
        cleaned = self.read_form(data)
        if self.errors:
            raise CheckoutFailed("Please complete the form.")
        today = timezone.localdate()
        self.check_lines(cart)
        with transaction.atomic():
            address = self.resolve_address(cart.user, cleaned)
            goods = cart.goods_total()
            discount = self.discount(cart, cleaned["code"], today)
            shipping = self.shipping_cost(cart, address.country, goods - discount)
            order = self.write_order(cart, address, cleaned, (goods, discount, shipping), today)
            self.reserve_goods(order)
            if self.looks_risky(cart.user, address, order.total) and cleaned["method"] == "invoice":
                raise CheckoutFailed("Please pay this order by card.")
            self.choose_parts(order.total, cleaned["method"])
            self.take_money(order, cleaned["method"])
        notices.order_placed(order)
        return order

    def take_back(self, order, returns, reason):
        """`returns` maps the id of a line to the pieces that came back."""
        amount = money.ZERO
        with transaction.atomic():
            for line in order.lines.all():
                pieces = returns.get(line.pk, 0)
                if pieces < 1:
                    continue
                if line.returned + pieces > line.quantity:
                    raise CheckoutFailed("More came back than was sent.")
                line.returned += pieces
                line.save(update_fields=["returned"])
                amount += line.unit_price * pieces
            if amount and order.settled_by is not None:
                fetch("payments.services", "PaymentDesk")().refund(order.settled_by, amount, reason)
            OrderEvent.objects.create(order=order, text="taken back: %s" % amount)
        notices.goods_returned(order)
        return amount

    def reorder(self, order, cart):
        products = model_for("catalog", "Product").objects
        for line in order.lines.all():
            product = products.filter(pk=line.product_id, hidden=False).first()
            if product is None:
                self.trace.append("gone: %s" % line.name)
                continue
            item, created = cart.items.get_or_create(product=product)
            if created:
                item.quantity = line.quantity
            else:
                item.quantity += line.quantity
            item.save()

    def change_address(self, order, lines):
        if order.state not in (Order.OPEN, Order.PAID):
            raise CheckoutFailed("The parcel is already on its way.")
        cleaned = [line.strip() for line in lines if line.strip()]
        if len(cleaned) < 3:
            raise CheckoutFailed("The address is incomplete.")
        order.address_text = "\n".join(cleaned)
        order.save(update_fields=["address_text", "changed_at"])
        OrderEvent.objects.create(order=order, text="address changed")

    def office_row(self, order):
        name = order.customer.greeting if order.customer else "guest"
        state = order.get_state_display()
        if order.state == Order.OPEN and order.settled_by is None:
            state = "Waiting for money"
        return [order.number, name, state, money.format_money(order.total, settings.SHOP_CURRENCY)]

    def greeting_line(self):
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return "Welcome"
        return "Welcome back, %s" % user.greeting
