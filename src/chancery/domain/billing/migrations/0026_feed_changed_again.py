from django.db import migrations

from chancery.foundation.audit.triggers import written_once


class Migration(migrations.Migration):
    dependencies = [("billing", "0025_returns_of_what_is_left")]

    operations = [
        migrations.RemoveConstraint(model_name="feedchange", name="feed_change_once_a_day"),
        written_once("billing_feedchange", instead=True),  # SQLite makes the table anew
    ]
