"""Get Django ready for a command."""

import os

import django

# What an instance writes (database, papers, mail) is its owner's alone on a machine that others use too.
OWNER_ONLY = 0o077


def django_ready(mode: str | None = None) -> None:
    """Set Django up once; the mode is the given one, else that of the environment, else that of the database."""
    os.umask(OWNER_ONLY)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.config.settings")
    if mode:
        os.environ["CHANCERY_MODE"] = mode
    django.setup()
