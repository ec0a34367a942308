"""Whom other values of an edition would find where."""

import pytest
from tests.factories.admissions import make_application
from tests.factories.billing import make_invoice
from tests.factories.programme import make_edition

from chancery.domain.billing.models import InvoiceBalance
from chancery.journey.configure import count_touched

pytestmark = pytest.mark.django_db


def test_a_bill_is_open_until_it_is_paid_credited_or_written_off() -> None:
    edition = make_edition()
    bills = [make_invoice(make_application(edition=edition)) for _ in range(3)]
    InvoiceBalance.objects.filter(invoice=bills[0]).update(allocated_minor=149_000, written_off_minor=1_000)
    InvoiceBalance.objects.filter(invoice=bills[1]).update(allocated_minor=50_000, credited_minor=100_000)

    assert count_touched(edition).open_bills == 1
