"""App of network."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Registers network with Django."""

    name = "chancery.domain.network"
    label = "network"
