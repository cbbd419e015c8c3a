from django.shortcuts import render

from shop.catalog.models import Product
from shop.catalog.services import Availability

from . import index


def results(request):
    text = request.GET.get("q", "").strip()
    rows = []
    if text:
        ids = index.find(text)
        products = Product.objects.in_bulk(ids)
        shelf = Availability()
        rows = [(products[pk], shelf.free_pieces(products[pk])) for pk in ids if pk in products]
    return render(request, "search/results.html", {"text": text, "rows": rows})
