"""Let the desk list count the turns of one stage without reading the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Puts an index that knows whose turn it is in the place of the one that did not."""

    dependencies = [
        ("admissions", "0004_region_index"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="application", name="application_desk"),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["edition", "state", "turn_ours", "turn_due_at", "id"], name="application_stage"),
        ),
    ]
