from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0030_credits_that_are_other_payments")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="called_failed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("called_failed", False), ("came_back__isnull", False), _connector="OR"),
                name="refund_called_failed_came_back",
            ),
        ),
    ]
