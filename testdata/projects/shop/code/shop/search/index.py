from shop.catalog.models import Category, Product, ProductTag
from shop.catalog.services import visible_products

from .backends import WordBackend
from .models import SearchDocument

backend = WordBackend()


def body_of(product):
    parts = [product.name, product.sku, product.text]
    parts.append(Category.path(product.category))
    for link in ProductTag.objects.filter(product=product).select_related("tag"):
        parts.append(link.tag.name)
    return " ".join(part for part in parts if part)


def index_product(product):
    document, _ = SearchDocument.objects.update_or_create(
        product=product, defaults={"body": body_of(product)}
    )
    return document


def index_all():
    count = 0
    for product in Product.objects.select_related("category").iterator():
        if product.hidden:
            SearchDocument.objects.filter(product=product).delete()
        else:
            index_product(product)
            count += 1
    return count


def find(text, limit=40):
    hits = []
    for document in SearchDocument.objects.filter(product__in=visible_products()):
        score = backend.score(text, document.body)
        if score > 0.1:
            hits.append((score + document.rank, document.product_id))
    hits.sort(reverse=True)
    return [product_id for _, product_id in hits[:limit]]


def find_similar(product, limit):
    ids = [pk for pk in find(body_of(product), limit + 1) if pk != product.pk]
    return list(Product.objects.filter(pk__in=ids[:limit]))
