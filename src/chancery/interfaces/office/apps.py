"""App of office."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Registers office with Django."""

    name = "chancery.interfaces.office"
    label = "office"
