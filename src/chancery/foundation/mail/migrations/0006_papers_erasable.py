"""A paper that an erasure deletes has to leave the mail that it went with."""

from django.db import migrations

from chancery.foundation.audit.triggers import ERASURE, written_once


class Migration(migrations.Migration):
    """Puts the triggers in the place of those that forbade every deletion."""

    dependencies = [
        ("mail", "0005_mailbox_outlives_mail"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        written_once("mail_maildocument", deletable_when=ERASURE, instead=True),
    ]
