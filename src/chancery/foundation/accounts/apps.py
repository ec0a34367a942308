"""App of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers accounts with Django."""

    name = "chancery.foundation.accounts"
    label = "accounts"
