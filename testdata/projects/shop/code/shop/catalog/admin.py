from django.contrib import admin

from .models import Category, DigitalProduct, Product, ProductTag, StockLevel


class TagInline(admin.TabularInline):
    model = ProductTag
    extra = 1


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["sku", "name", "price", "hidden"]
    search_fields = ["sku", "name"]
    inlines = [TagInline]


admin.site.register(Category)
admin.site.register(DigitalProduct)
admin.site.register(StockLevel)
