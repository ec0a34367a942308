"""App of public."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Registers public with Django."""

    name = "chancery.interfaces.public"
    label = "public"
