"""Whatever is booked and taken back: entries, bills and allocations keep adding up."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.admissions import make_application
from tests.factories.billing import make_entry, make_invoice
from tests.factories.programme import make_edition

from chancery.domain.billing.models import Allocation, BankEntry, EntryBalance, Invoice, InvoiceBalance
from chancery.domain.billing.services.allocating import AllocationNotPossible, allocate_entry, reverse_allocation
from chancery.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 18, 8, 0, tzinfo=UTC)
MOVES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(-50, 200_000), st.booleans()), max_size=8)


def book(entry: BankEntry, invoice: Invoice, amount: int, *, undo: bool) -> None:
    last = Allocation.objects.filter(reverses=None, reversed_by=None).last()
    if undo and last:
        reverse_allocation(allocation_id=last.pk, reason="undo", actor=SYSTEM, now=NOW)
    else:
        allocate_entry(entry_id=entry.pk, invoice_id=invoice.pk, amount_minor=amount, reason="x", actor=SYSTEM, now=NOW)


@given(moves=MOVES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sums_agree_after_any_moves(moves: list[tuple[int, int, int, bool]]) -> None:
    with transaction.atomic():
        edition = make_edition()
        invoices = [make_invoice(make_application(edition=edition), total_minor=total) for total in (150_000, 90_000)]
        entries = [make_entry(amount_minor=amount) for amount in (150_000, 100_000)]
        for entry, invoice, amount, undo in moves:
            try:
                with transaction.atomic():
                    book(entries[entry], invoices[invoice], amount, undo=undo)
            except AllocationNotPossible:
                continue

        for entry in entries:
            balance = EntryBalance.objects.get(entry=entry)
            booked = entry.allocations.aggregate(sum=Sum("amount_minor"))["sum"] or 0
            assert balance.allocated_minor == booked
            assert 0 <= booked <= entry.amount_minor
        for invoice in invoices:
            owed = InvoiceBalance.objects.get(invoice=invoice)
            received = invoice.allocations.aggregate(sum=Sum("amount_minor"))["sum"] or 0
            assert owed.allocated_minor == received
            assert owed.open_minor == invoice.total_minor - received
            assert 0 <= received <= invoice.total_minor
        transaction.set_rollback(True)


def test_no_bill_holds_more_than_is_owed_of_it() -> None:
    invoice = make_invoice(make_application(), total_minor=150_000)
    balance = InvoiceBalance.objects.filter(invoice=invoice)
    balance.update(credited_minor=50_000, written_off_minor=1_000, allocated_minor=99_000)
    assert balance.get().open_minor == 0

    with pytest.raises(IntegrityError, match="invoice_not_over_allocated"), transaction.atomic():
        balance.update(allocated_minor=F("allocated_minor") + 1)
