from decimal import ROUND_HALF_UP, Decimal

__all__ = ["CENT", "ZERO", "format_money", "round_money", "split_evenly"]

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def round_money(amount):
    return Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP)


def format_money(amount, currency="EUR"):
    return "%s %s" % (round_money(amount), currency)


def split_evenly(amount, parts):
    """Parts that differ by one cent at most and add up to the amount."""
    if parts < 1:
        raise ValueError("nothing to split into")
    share = (Decimal(amount) / parts).quantize(CENT)
    shares = [share] * parts
    shares[-1] += Decimal(amount) - sum(shares)
    return shares
