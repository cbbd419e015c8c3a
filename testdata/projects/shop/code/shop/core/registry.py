"""Finding code of another app by name.

Older than most of the apps. It was meant to keep the apps apart; in practice
it only keeps the imports from being seen.
"""
import importlib

from django.apps import apps

PREFIX = "shop."

_found = {}


def fetch(module, name):
    """The object `name` of the module `module`, given without the prefix."""
    key = (module, name)
    if key not in _found:
        loaded = importlib.import_module(PREFIX + module)
        _found[key] = getattr(loaded, name)
    return _found[key]


def model_for(label, name):
    """The model `name` of the app with that label."""
    return apps.get_model(label, name)


def forget():
    _found.clear()
