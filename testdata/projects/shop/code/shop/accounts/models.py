from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from shop.core.models import StampedModel


class User(AbstractUser):
    phone = models.CharField(max_length=40, blank=True)
    loyalty_percent = models.PositiveSmallIntegerField(default=0)

    @property
    def greeting(self):
        return self.get_full_name() or self.username


class Profile(StampedModel):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )
    newsletter = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    blocked_until = models.DateField(null=True, blank=True)
    remark = models.TextField(blank=True)


class Address(StampedModel):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses"
    )
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=12)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="DE")
    preferred = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "addresses"

    def as_lines(self):
        return [self.name, self.street, "%s %s" % (self.postcode, self.city), self.country]
