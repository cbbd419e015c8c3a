# -*- coding: latin-1 -*-
"""Carriers in Germany, with the wording the carriers print on labels."""
from shop.core.utils.text import shorten

DEFAULT = "nordpost"

CARRIERS = {
    "nordpost": {"title": "Nordpost", "service": "Päckchen bis zur Haustür", "max_grams": 2000},
    "schwerlast": {"title": "Schwerlast Süd", "service": "Stückgut über 31 kg", "max_grams": 900000},
    "paket24": {"title": "Paket 24", "service": "Zustellung für Großkunden", "max_grams": 31500},
}


def carrier_for(grams):
    fitting = [code for code in CARRIERS if CARRIERS[code]["max_grams"] >= grams]
    if not fitting:
        return "schwerlast"
    return min(fitting, key=lambda code: CARRIERS[code]["max_grams"])


def label_lines(code, address_text):
    lines = [CARRIERS[code]["service"]]
    for line in address_text.splitlines():
        lines.append(shorten(line.replace("Strasse", "Straße"), 35))
    return lines
