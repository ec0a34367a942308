"""Read the items of a booked batch, each with the bill that it may pay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chancery.domain.billing.matching import Candidate, EntryFacts, weigh
from chancery.domain.billing.models import Allocation, BankEntry, Invoice
from chancery.domain.billing.queries.matching import book_of_bills
from chancery.domain.billing.queries.suggestions import list_bills_of_ids
from chancery.foundation.money import Money


@dataclass(frozen=True, slots=True)
class BatchPart:
    """An item of a batch, the bill it may pay, with score and sum, and the booking where that was done."""

    told: BankEntry
    invoice: Invoice | None
    score: int
    amount_minor: int
    booked: Allocation | None

    @property
    def open_minor(self) -> int:
        """What is open on the bill."""
        return self.invoice.balance.open_minor if self.invoice else 0

    @property
    def amount(self) -> str:
        """The sum as it is typed."""
        return str(Money(self.amount_minor, self.told.currency).decimal)


def list_batch_parts(entry: BankEntry, *, ended: Collection[int]) -> list[BatchPart]:
    """Return the items that a bank announced for a booked sum, in their order; none for a line of its own."""
    rows = list(BankEntry.objects.filter(item_of__entry=entry).order_by("pk"))
    if not rows:
        return []
    book = book_of_bills(ended=ended)
    rows_booked = Allocation.objects.filter(entry=entry, amount_minor__gt=0, reversed_by=None).order_by("pk")
    standing = list(rows_booked.select_related("invoice"))
    found = []
    for row in rows:
        singles = [each for each in weigh(_facts(row), book).candidates if len(each.parts) == 1]
        meant = {each.parts[0].bill.key for each in singles}
        fitting = (each for each in standing if each.invoice_id in meant and each.amount_minor == row.amount_minor)
        if done := next(fitting, None):
            standing.remove(done)
        first = next((each for each in singles[:1] if each.parts[0].bill.takes_money and not done), None)
        found.append((row, first, done))
    bills = {bill.pk: bill for bill in list_bills_of_ids([first.parts[0].bill.key for _, first, _ in found if first])}
    return [_part(row, first, done, bills) for row, first, done in found]


def _part(row: BankEntry, first: Candidate | None, done: Allocation | None, bills: Mapping[int, Invoice]) -> BatchPart:
    if first is None:
        return BatchPart(row, None, 0, 0, done)
    return BatchPart(row, bills.get(first.parts[0].bill.key), first.score, first.parts[0].cents, done)


def _facts(row: BankEntry) -> EntryFacts:
    """Return an announced payment as what is weighed: its money is in the booked sum."""
    return EntryFacts(
        amount_cents=row.amount_minor,
        currency=row.currency,
        creditor_references=tuple(row.creditor_references),
        remittance=row.remittance,
        payer_name=row.payer_name,
        payer_account=row.payer_iban,
        charges_cents=row.charges_minor,
        value_date=row.value_date,
        end_to_end_id=row.end_to_end_id,
    )
