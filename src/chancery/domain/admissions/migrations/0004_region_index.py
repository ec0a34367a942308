"""Let the desk list count a region or an income class without reading the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the index."""

    dependencies = [
        ("admissions", "0003_desk_list"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["authority", "edition", "turn_ours", "turn_due_at", "state"], name="application_region"
            ),
        ),
    ]
