"""App of privacy."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Registers privacy with Django."""

    name = "chancery.foundation.privacy"
    label = "privacy"
