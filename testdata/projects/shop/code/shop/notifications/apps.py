from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "shop.notifications"

    def ready(self):
        from . import receivers  # noqa: F401
