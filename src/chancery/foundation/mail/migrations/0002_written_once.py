"""Rows that must never change are guarded by the database itself."""

from django.db import migrations

from chancery.foundation.audit.triggers import ERASURE, written_once


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [
        ("mail", "0001_initial"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        written_once("mail_outgoingmail"),
        written_once("mail_mailcontent", deletable_when=ERASURE),
        written_once("mail_maildocument"),
        written_once("mail_incomingmail", deletable_when=ERASURE),
    ]
