from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from shop.core.models import HideableModel, StampedModel
from shop.core.utils import slug_of

if TYPE_CHECKING:
    from shop.search.models import SearchDocument


class Category(HideableModel):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name_plural = "categories"

    def path(self):
        names, category = [], self
        while category is not None:
            names.append(category.name)
            category = category.parent
        return " / ".join(reversed(names))


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(HideableModel):
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    sku = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=140)
    slug = models.SlugField(max_length=140, blank=True)
    text = models.TextField(blank=True)
    price = models.DecimalField(max_digits=9, decimal_places=2)
    tax_percent = models.PositiveSmallIntegerField(default=19)
    weight_grams = models.PositiveIntegerField(default=0)
    digital = models.BooleanField(default=False)
    tags = models.ManyToManyField(Tag, through="ProductTag", related_name="products")

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = slug_of(self.name)
        super().save(*args, **kwargs)

    def similar(self, limit=4):
        from shop.search.index import find_similar

        return find_similar(self, limit)

    def indexed_text(self) -> str:
        document: SearchDocument | None = getattr(self, "search_document", None)
        return document.body if document is not None else ""


class DigitalManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(digital=True)


class DigitalProduct(Product):
    """The same rows, seen by the download desk."""

    objects = DigitalManager()

    class Meta:
        proxy = True


class ProductTag(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        unique_together = [("product", "tag")]


class StockLevel(StampedModel):
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="stock")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)

    class Meta:
        db_table = "wh_stock"

    @property
    def free(self):
        return self.on_hand - self.reserved
