import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0028_withdrawn_refunds")]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="came_back",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds_returned",
                to="billing.bankentry",
            ),
        ),
    ]
