from django.db import transaction

from .models import Address, Profile, User


class AccountDirectory:
    """Looks people up for the other apps."""

    def by_mail(self, mail):
        return User.objects.filter(email__iexact=mail.strip()).first()

    def language_of(self, user):
        profile = Profile.objects.filter(user=user).first()
        return profile.language if profile else "en"

    def is_blocked(self, user, today):
        profile = Profile.objects.filter(user=user).first()
        if profile is None or profile.blocked_until is None:
            return False
        return profile.blocked_until >= today

    def preferred_address(self, user):
        return user.addresses.order_by("-preferred", "pk").first()


@transaction.atomic
def register(username, mail, password, newsletter=False):
    user = User.objects.create_user(username, mail, password)
    Profile.objects.create(user=user, newsletter=newsletter)
    return user


@transaction.atomic
def prefer_address(user, address_id):
    Address.objects.filter(user=user).update(preferred=False)
    return Address.objects.filter(user=user, pk=address_id).update(preferred=True) == 1
