"""Rows that must never change are guarded by the database itself."""

from django.db import migrations

from chancery.foundation.audit.triggers import written_once


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [
        ("billing", "0001_initial"),
    ]

    operations = [
        written_once("billing_billingparty"),
        written_once("billing_quote"),
        written_once("billing_quoteline"),
        written_once("billing_invoice"),
        written_once("billing_invoiceline"),
        written_once("billing_externalinvoice"),
        written_once("billing_bankentry", deletable_when="(SELECT state FROM billing_statementfile WHERE id = OLD.file_id) <> 'accepted'"),
        written_once("billing_allocation"),
        written_once("billing_proofoftransfer"),
    ]
