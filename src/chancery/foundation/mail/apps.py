"""App of mail."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Registers mail with Django."""

    name = "chancery.foundation.mail"
    label = "mail"
