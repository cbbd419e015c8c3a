from django.contrib import admin

from shop.cart.models import Cart, CartItem

from .models import Coupon, Redemption


class ItemInline(admin.TabularInline):
    model = CartItem
    extra = 0


@admin.register(Cart)
class CartAdmin(admin.ModelAdmin):
    """Here because only the promotions desk ever looks at carts."""

    list_display = ["pk", "user", "coupon_code", "closed"]
    inlines = [ItemInline]


admin.site.register(Coupon)
admin.site.register(Redemption)
