import django.db.models.deletion
from django.db import migrations, models

from chancery.foundation.audit.triggers import written_once

# Until now a set-off ended with its booking; from now on a row of its own says so.
ENDED_WITH_THEIR_BOOKING = """
INSERT INTO billing_setoff (refund_id, allocation_id, amount_minor)
SELECT billing_setoff.refund_id, billing_setoff.allocation_id, -billing_setoff.amount_minor
FROM billing_setoff JOIN billing_allocation ON billing_allocation.reverses_id = billing_setoff.allocation_id
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0022_who_chose_pay_from")]

    operations = [
        migrations.RemoveConstraint(model_name="setoff", name="set_off_moves_money"),
        migrations.RemoveConstraint(model_name="setoff", name="set_off_once_a_booking"),
        migrations.AlterField(
            model_name="refund",
            name="replaces",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="billing.refund",
            ),
        ),
        migrations.AlterField(
            model_name="setoff",
            name="allocation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="set_offs",
                to="billing.allocation",
            ),
        ),
        migrations.AddConstraint(
            model_name="setoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor", 0), _negated=True), name="set_off_moves_money"
            ),
        ),
        written_once("billing_setoff", instead=True, meanwhile=ENDED_WITH_THEIR_BOOKING),
    ]
