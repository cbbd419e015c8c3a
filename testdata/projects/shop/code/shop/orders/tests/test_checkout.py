from decimal import Decimal

from django.test import TestCase

from shop.cart.models import Cart
from shop.cart.services import put
from shop.catalog.models import Category, Product, StockLevel
from shop.notifications.models import Message
from shop.payments.models import PaymentMethod

from ..checkout import CheckoutFailed, CheckoutService
from ..models import Order

FORM = {
    "mail": "ada@shop.invalid",
    "name": "Ada Kern",
    "street": "Am Kai 3",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "de",
}


class CheckoutTests(TestCase):
    def setUp(self):
        shelf = Category.objects.create(name="Sails", slug="sails")
        sail = Product.objects.create(category=shelf, sku="S-1", name="Jib", price="75.00")
        StockLevel.objects.create(product=sail, on_hand=3)
        PaymentMethod.objects.create(name="Invoice", gateway_code="invoice")
        self.cart = Cart.objects.create(session_key="x")

    def test_an_order_is_written_and_the_customer_told(self):
        put(self.cart, "S-1", 1)
        order = CheckoutService().place(self.cart, FORM)
        self.assertEqual(order.total, Decimal("79.90"))
        self.assertEqual(Message.objects.filter(order=order).count(), 1)

    def test_an_empty_cart_is_refused(self):
        with self.assertRaises(CheckoutFailed):
            CheckoutService().place(self.cart, FORM)
        self.assertFalse(Order.objects.exists())
