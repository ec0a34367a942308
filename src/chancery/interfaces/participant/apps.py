"""App of participant."""

from django.apps import AppConfig


class ParticipantConfig(AppConfig):
    """Registers participant with Django."""

    name = "chancery.interfaces.participant"
    label = "participant"
