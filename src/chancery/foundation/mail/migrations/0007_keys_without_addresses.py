"""A key of a mail is never deleted, so it must not hold the address of its reader."""

from django.db import migrations

from chancery.foundation.audit.triggers import written_once

WITHOUT_ADDRESS = "UPDATE mail_outgoingmail SET dedupe_key = kind || ':mail-' || id WHERE dedupe_key LIKE '%@%'"


class Migration(migrations.Migration):
    """Rewrites the keys of older mails while no trigger holds, and puts the triggers back."""

    dependencies = [
        ("mail", "0006_papers_erasable"),
    ]

    operations = [
        written_once("mail_outgoingmail", instead=True, meanwhile=WITHOUT_ADDRESS),
    ]
