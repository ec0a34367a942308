"""App of files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers files with Django."""

    name = "chancery.foundation.files"
    label = "files"
