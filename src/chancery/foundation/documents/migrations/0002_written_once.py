"""Rows that must never change are guarded by the database itself."""

from django.db import migrations

from chancery.foundation.audit.triggers import ERASURE, written_once


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [
        ("documents", "0001_initial"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        written_once("documents_document", deletable_when=ERASURE),
        written_once("documents_rendering", deletable_when=ERASURE),
    ]
