"""App of enrollment."""

from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    """Registers enrollment with Django."""

    name = "chancery.domain.enrollment"
    label = "enrollment"
