from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0029_refunds_of_one_credit")]

    operations = [
        migrations.AddField(
            model_name="entrybalance",
            name="is_other_payment",
            field=models.BooleanField(default=False),
        ),
    ]
