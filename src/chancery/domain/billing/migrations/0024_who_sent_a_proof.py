from django.db import migrations, models

from chancery.foundation.audit.triggers import written_once


class Migration(migrations.Migration):
    dependencies = [("billing", "0023_promises_fit_their_money")]

    operations = [
        migrations.AddField(
            model_name="proofoftransfer", name="sent_by", field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        written_once("billing_proofoftransfer", instead=True),
    ]
