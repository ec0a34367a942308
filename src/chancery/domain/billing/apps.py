"""App of billing."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Registers billing with Django."""

    name = "chancery.domain.billing"
    label = "billing"
