"""Arithmetic of discounts. No tables here."""
from decimal import ROUND_DOWN, Decimal

MAX_PERCENT = 60


def percent_off(amount, percent):
    """What `percent` of the amount comes to, rounded in the shop's favour."""
    share = Decimal(amount) * Decimal(percent) / Decimal(100)
    return share.quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def fixed_off(amount, off):
    return min(Decimal(amount), Decimal(off))
