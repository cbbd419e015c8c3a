from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from .models import Category
from .services import Availability, visible_products


def front_page(request):
    newest = visible_products().order_by("-created_at")[:12]
    return render(request, "catalog/front.html", {"products": newest})


def category_page(request, slug):
    category = get_object_or_404(Category, slug=slug, hidden=False)
    rows = visible_products().filter(category=category).order_by("name")
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    return render(request, "catalog/category.html", {"category": category, "page": page})


def product_page(request, slug):
    from shop.search.index import find_similar

    product = get_object_or_404(visible_products(), slug=slug)
    return render(
        request,
        "catalog/product.html",
        {
            "product": product,
            "free": Availability().free_pieces(product),
            "similar": find_similar(product, 6),
        },
    )
