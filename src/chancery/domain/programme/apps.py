"""App of programme."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Registers programme with Django."""

    name = "chancery.domain.programme"
    label = "programme"
