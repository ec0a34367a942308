import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0026_feed_changed_again")]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="debit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds_seen",
                to="billing.bankentry",
            ),
        ),
    ]
