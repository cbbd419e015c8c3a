from django.core.management.base import BaseCommand, CommandError

from shop.legacy_import.importer import import_customers, import_products


class Command(BaseCommand):
    help = "Reads a file of the old till system."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=["products", "customers"])
        parser.add_argument("path")

    def handle(self, *args, **options):
        work = {"products": import_products, "customers": import_customers}[options["kind"]]
        try:
            count = work(options["path"])
        except OSError as problem:
            raise CommandError(str(problem))
        self.stdout.write("%d %s read" % (count, options["kind"]))
