"""App of tasks."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Registers tasks with Django."""

    name = "chancery.foundation.tasks"
    label = "tasks"
