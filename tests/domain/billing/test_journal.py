"""The journal dates each booking by the calendar of the edition."""

from datetime import UTC, date, datetime

import pytest
from tests.factories.admissions import make_application
from tests.factories.billing import make_entry, make_invoice
from tests.factories.programme import make_edition

from chancery.domain.billing.queries.journal import COSTS, RECEIVABLES, journal
from chancery.domain.billing.services.allocating import allocate_entry
from chancery.domain.billing.services.setting_aside import book_cost
from chancery.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
HALF_PAST_MIDNIGHT_IN_MADRID = datetime(2024, 10, 17, 22, 30, tzinfo=UTC)


def test_what_is_booked_after_midnight_stands_on_the_new_day() -> None:
    invoice = make_invoice(make_application(edition=make_edition()))
    booked = {"reason": "x", "actor": SYSTEM, "now": HALF_PAST_MIDNIGHT_IN_MADRID}

    allocate_entry(entry_id=make_entry().pk, invoice_id=invoice.pk, amount_minor=150_000, **booked)
    book_cost(entry_id=make_entry(amount_minor=-500).pk, **booked)

    days = {line.debit if line.debit == COSTS else line.credit: line.day for line in journal() if line.reason == "x"}
    assert days == {RECEIVABLES: date(2024, 10, 18), COSTS: date(2024, 10, 18)}
