# Kept for the day somebody finds another tape. Runs under Python 2.5 only.
import sys

import rowformat
from shop.catalog.models import Category, Product
from shop.promotions.models import Coupon


def load(path):
    count = 0
    for row in open(path):
        try:
            fields = rowformat.split_row(row)
            price = rowformat.cents(fields["price"])
        except (KeyError, ValueError), e:
            print >>sys.stderr, "skipped:", e
            continue
        if fields["sku"].startswith("GUT"):
            Coupon.objects.get_or_create(code=fields["sku"])
            continue
        shelf = Category.objects.get(slug=fields["shelf"])
        Product.objects.create(category=shelf, sku=fields["sku"], name=fields["name"], price=price)
        count += 1
    print "%d products" % count
    return count


if __name__ == "__main__":
    load(sys.argv[1])
