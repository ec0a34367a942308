from django.db import migrations, models
from django.db.models import F, Q

from chancery.foundation.audit.triggers import written_once

# Until now a return used both lines up whole.
WHOLE_LINES = """
UPDATE billing_entryreturn SET amount_minor =
(SELECT amount_minor FROM billing_bankentry WHERE billing_bankentry.id = billing_entryreturn.credit_id)
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0024_who_sent_a_proof")]

    operations = [
        migrations.AddField(
            model_name="entryreturn",
            name="amount_minor",
            field=models.BigIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="entryreturn",
            constraint=models.CheckConstraint(
                condition=Q(("amount_minor__gt", 0)), name="entry_return_moves_money"
            ),
        ),
        written_once("billing_entryreturn", instead=True, meanwhile=WHOLE_LINES),
        migrations.RemoveConstraint(model_name="entrybalance", name="debit_not_over_allocated"),
        migrations.AddConstraint(
            model_name="entrybalance",
            constraint=models.CheckConstraint(
                condition=Q(amount_minor__gte=0)
                | Q(
                    allocated_minor__lte=0,
                    allocated_minor__gte=F("amount_minor") - F("cost_minor") - F("returned_minor"),
                ),
                name="debit_not_over_allocated",
            ),
        ),
    ]
