from django.core.management.base import BaseCommand

from ...index import index_all, index_product
from ...models import SearchDocument


class Command(BaseCommand):
    help = "Builds the search documents anew."

    def add_arguments(self, parser):
        parser.add_argument("--sku", help="only this product")
        parser.add_argument("--clear", action="store_true")

    def handle(self, *args, **options):
        if options["clear"]:
            SearchDocument.objects.all().delete()
        if options["sku"]:
            from shop.catalog.models import Product

            index_product(Product.objects.get(sku=options["sku"]))
            return
        self.stdout.write("%d products indexed" % index_all())
