"""Rows that must never change are guarded by the database itself."""

from django.db import migrations

from chancery.foundation.audit.triggers import ERASURE, written_once


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [
        ("audit", "0001_initial"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        written_once("audit_auditevent"),
        written_once("audit_auditpersonalpart", deletable_when=ERASURE),
        written_once("audit_auditseal"),
    ]
