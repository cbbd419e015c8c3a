from django.db import models

from shop.catalog.models import Product


class SearchDocument(models.Model):
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="search_document")
    body = models.TextField()
    rank = models.FloatField(default=0)
    built_at = models.DateTimeField(auto_now=True)
