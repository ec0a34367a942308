"""Rows that must never change are guarded by the database itself."""

from django.db import migrations

from chancery.foundation.audit.triggers import ERASURE, written_once


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [
        ("admissions", "0001_initial"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        written_once("admissions_submission", deletable_when=ERASURE),
        written_once("admissions_dialogueentry", deletable_when=ERASURE),
        written_once("admissions_dialoguetext", deletable_when=ERASURE),
        written_once("admissions_decision"),
    ]
