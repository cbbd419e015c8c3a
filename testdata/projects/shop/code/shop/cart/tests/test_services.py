from django.test import TestCase

from shop.catalog.models import Category, Product, StockLevel

from ..models import Cart
from ..services import CartProblem, merge, put, shown_total


class CartTests(TestCase):
    def setUp(self):
        shelf = Category.objects.create(name="Lamps", slug="lamps")
        self.lamp = Product.objects.create(category=shelf, sku="L-7", name="Deck lamp", price="20.00")
        StockLevel.objects.create(product=self.lamp, on_hand=10)

    def test_same_product_twice_is_one_line(self):
        cart = Cart.objects.create(session_key="a")
        put(cart, "L-7", 1)
        put(cart, "L-7", 2)
        self.assertEqual([item.quantity for item in cart.items.all()], [3])

    def test_unknown_product(self):
        with self.assertRaises(CartProblem):
            put(Cart.objects.create(session_key="b"), "nope", 1)

    def test_merge_closes_the_guest_cart(self):
        guest, own = Cart.objects.create(session_key="c"), Cart.objects.create(session_key="d")
        put(guest, "L-7", 2)
        merge(guest, own)
        guest.refresh_from_db()
        self.assertTrue(guest.closed)
        self.assertEqual(str(shown_total(own)), "40.00")
