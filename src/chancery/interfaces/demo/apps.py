"""App of demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers demo with Django."""

    name = "chancery.interfaces.demo"
    label = "demo"
