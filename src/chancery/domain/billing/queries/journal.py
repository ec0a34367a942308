"""The journal for an accountant: double entry, one line a booking, by day.

Every move that changes a balance is a booking, so what each account comes to is what the desk shows: receivables are
what is open on bills, the bank is the sum of its lines, and money that waits is what no bill has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from chancery.domain.billing.models import Allocation, BankEntry, EntryCost, Invoice, WriteOff
from chancery.domain.billing.queries.issuing import edition_paid_to
from chancery.domain.billing.states import EntryStatus, FileState
from chancery.foundation.calendar import local_day

RECEIVABLES = "receivables"
FEES = "course fees"
TAX = "value added tax"
BANK = "bank"
WAITING = "money that waits"
LET_GO = "written off"
COSTS = "bank costs"


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking; ``minor`` is above zero, in minor units of ``currency``.

    ``text`` is a name or the bank's own words; why money was moved is in ``reason``, as the row keeps it.
    """

    day: date
    number: str
    debit: str
    credit: str
    minor: int
    currency: str
    text: str = ""
    reason: str = ""


def journal() -> list[Booking]:
    """Return all bookings of accepted statements and issued bills, by day."""
    found = [*_bills(), *_lines(), *_allocations(), *_write_offs(), *_costs()]
    return sorted(found, key=lambda booking: (booking.day, booking.number))


def _booking(
    day: date, number: str, debit: str, credit: str, minor: int, currency: str, text: str = "", *, reason: str = ""
) -> Booking:
    """Return the booking the right way round: a negative sum changes sides."""
    if minor < 0:
        return Booking(day, number, credit, debit, -minor, currency, text, reason)
    return Booking(day, number, debit, credit, minor, currency, text, reason)


def _bills() -> Iterator[Booking]:
    rows = Invoice.objects.select_related("party")
    for bill in rows.order_by("id").iterator():
        sign = -1 if bill.corrects_id else 1
        facts = (bill.currency, bill.party.legal_name)
        for account, minor in ((FEES, bill.net_minor), (TAX, bill.vat_minor)):
            if minor:
                yield _booking(bill.issued_on, bill.number, RECEIVABLES, account, sign * minor, *facts)


def _lines() -> Iterator[Booking]:
    rows = BankEntry.objects.filter(status=EntryStatus.BOOKED, file__state=FileState.ACCEPTED)
    for entry in rows.order_by("id").iterator():
        day = entry.booking_date or entry.value_date
        if day is not None and entry.amount_minor:
            text = entry.payer_name or entry.remittance[:80]
            yield _booking(day, f"line {entry.pk}", BANK, WAITING, entry.amount_minor, entry.currency, text)


def _allocations() -> Iterator[Booking]:
    rows = Allocation.objects.select_related("invoice__edition")
    for row in rows.order_by("id").iterator():
        number, day = row.invoice.number, _day(row.at, row.invoice)
        yield _booking(day, number, WAITING, RECEIVABLES, row.amount_minor, row.invoice.currency, reason=row.reason)


def _write_offs() -> Iterator[Booking]:
    for row in WriteOff.objects.select_related("invoice__edition").order_by("id").iterator():
        number, day = row.invoice.number, _day(row.at, row.invoice)
        yield _booking(day, number, LET_GO, RECEIVABLES, row.amount_minor, row.invoice.currency, reason=row.reason)


def _costs() -> Iterator[Booking]:
    """Yield the costs, by the day where the newest edition is that is paid to the account."""
    zone_of = cache(lambda account: ZoneInfo(edition_paid_to(account).time_zone))
    for row in EntryCost.objects.select_related("entry__account").order_by("id").iterator():
        number, day = f"line {row.entry_id}", local_day(row.at, zone_of(row.entry.account.number))
        yield _booking(day, number, COSTS, WAITING, -row.amount_minor, row.entry.currency, reason=row.reason)


def _day(at: datetime, invoice: Invoice) -> date:
    return local_day(at, ZoneInfo(invoice.edition.time_zone))
