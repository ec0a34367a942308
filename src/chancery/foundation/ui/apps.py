"""App of ui."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers ui with Django."""

    name = "chancery.foundation.ui"
    label = "ui"
