from django.test import TestCase

from ..models import Category, Product, StockLevel
from ..services import Availability, OutOfStock, release, reserve


class StockTests(TestCase):
    def setUp(self):
        shelf = Category.objects.create(name="Rope", slug="rope")
        self.product = Product.objects.create(category=shelf, sku="R-1", name="Rope 8 mm", price="3.20")
        StockLevel.objects.create(product=self.product, on_hand=5)

    def test_reserving_lowers_what_is_free(self):
        reserve(self.product, 3)
        self.assertEqual(Availability().free_pieces(self.product), 2)

    def test_too_much_is_refused(self):
        with self.assertRaises(OutOfStock):
            reserve(self.product, 6)

    def test_release(self):
        reserve(self.product, 3)
        release(self.product, 3)
        self.assertTrue(Availability().can_sell(self.product, 5))
