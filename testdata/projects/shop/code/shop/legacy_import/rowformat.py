"""Fixed-width rows of the till system that was switched off in 2011."""

FIELDS = [("sku", 0, 12), ("name", 12, 52), ("price", 52, 61), ("shelf", 61, 71)]


def split_row(row):
    return dict((name, row[start:end].strip()) for name, start, end in FIELDS)


def cents(text):
    return int(text.replace(",", "").replace(".", "") or 0)
