import importlib


class GatewayError(Exception):
    pass


def gateway_for(method):
    """The gateway's module is named in the table of payment methods."""
    module = importlib.import_module("shop.payments.gateways." + method.gateway_code)
    return module.Gateway()
