"""Rows that must never change are guarded by the database itself."""

from django.db import migrations

from chancery.foundation.audit.triggers import written_once


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [
        ("programme", "0001_initial"),
    ]

    operations = [
        written_once("programme_editionrevision"),
        written_once("programme_terms"),
        written_once("programme_datechange"),
    ]
