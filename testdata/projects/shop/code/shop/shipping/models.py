from django.db import models

from shop.core.models import StampedModel


class Shipment(StampedModel):
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="shipments")
    carrier = models.CharField(max_length=20)
    tracking = models.CharField(max_length=60, blank=True)
    label_url = models.URLField(blank=True)
    handed_over = models.DateField(null=True, blank=True)


class Parcel(models.Model):
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="parcels")
    lines = models.ManyToManyField("orders.OrderLine", through="ParcelLine")
    grams = models.PositiveIntegerField(default=0)


class ParcelLine(models.Model):
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE)
    line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT)
    pieces = models.PositiveSmallIntegerField()
