from shop.core.utils.text import shorten
from shop.orders.models import Order, OrderLine

SUBJECTS = {
    Order.OPEN: "We have your order %s",
    Order.PAID: "Your order %s is paid",
    Order.SENT: "Your order %s is on its way",
    Order.CANCELLED: "Your order %s has been cancelled",
}

GREETINGS = {"en": "Dear customer,", "de": "Guten Tag,", "fr": "Bonjour,"}


def subject_for(order):
    return SUBJECTS[order.state] % order.number


def body_for(order, language, closing=""):
    lines = [GREETINGS.get(language, GREETINGS["en"]), ""]
    for line in OrderLine.objects.filter(order=order):
        lines.append("%3d x %s" % (line.quantity, shorten(line.name, 60)))
    lines += ["", "Total: %s" % order.total]
    if closing:
        lines += ["", closing]
    return "\n".join(lines)
