"""App of audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers audit with Django."""

    name = "chancery.foundation.audit"
    label = "audit"
