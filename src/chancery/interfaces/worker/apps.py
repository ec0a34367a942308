"""App of worker."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Registers worker with Django."""

    name = "chancery.interfaces.worker"
    label = "worker"
