"""Make the desk list fast at any size: one covering index for its groups, one for its search."""

from django.db import migrations, models

from chancery.foundation.search import full_text_index


class Migration(migrations.Migration):
    """Adds both indexes."""

    dependencies = [
        ("admissions", "0002_written_once"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="application", name="application_due"),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["edition", "turn_ours", "turn_due_at", "id", "state", "authority"], name="application_turn"
            ),
        ),
        full_text_index("admissions_application", "search_text"),
    ]
