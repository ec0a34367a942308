"""App of admissions."""

from django.apps import AppConfig


class AdmissionsConfig(AppConfig):
    """Registers admissions with Django."""

    name = "chancery.domain.admissions"
    label = "admissions"
