import datetime

from django.utils import timezone

from shop.catalog.models import Product
from shop.core.queue import task
from shop.core.registry import model_for
from shop.search.index import index_product


@task()
def reindex_changed():
    since = timezone.now() - datetime.timedelta(hours=1)
    for product in Product.objects.filter(changed_at__gte=since, hidden=False):
        index_product(product)


@task(retries=2)
def reindex_product(sku):
    product = model_for("catalog", "Product").objects.get(sku=sku)
    index_product(product)
