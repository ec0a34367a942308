"""Get Django ready for a command."""

import os

import django


def django_ready(mode: str | None = None) -> None:
    """Set Django up once; the mode is the given one, else that of the environment, else that of the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.config.settings")
    if mode:
        os.environ["CHANCERY_MODE"] = mode
    django.setup()
