"""What the office asked for, what was sent again and what it replaced must never change."""

from django.db import migrations

from chancery.foundation.audit.triggers import ERASURE, written_once


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [
        ("admissions", "0006_supplements"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        written_once("admissions_supplementrequest", deletable_when=ERASURE),
        written_once("admissions_supplement", deletable_when=ERASURE),
        written_once("admissions_replacedfile", deletable_when=ERASURE),
    ]
