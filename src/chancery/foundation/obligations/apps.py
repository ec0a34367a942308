"""App of obligations."""

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """Registers obligations with Django."""

    name = "chancery.foundation.obligations"
    label = "obligations"
