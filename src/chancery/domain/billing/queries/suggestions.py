"""Read what a line may belong to: the suggestions kept with it, and bills that somebody looks up."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from chancery.domain.billing.matching import Book, EntryFacts, Evidence, weigh
from chancery.domain.billing.models import Allocation, BankEntry, Invoice, Suggestion
from chancery.domain.billing.queries.invoices import HAS_OPEN, list_invoices
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.billing.queries.matching import list_bills_to_match
from chancery.domain.billing.queries.returned_lines import list_bookings_taken_back
from chancery.domain.billing.states import EntryStatus

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Suggested:
    """A bill that is suggested; those of one ``rank`` are paid together. ``evidence``: (code, told, minor units)."""

    invoice: Invoice
    rank: int
    score: int
    evidence: tuple[tuple[str, str, int], ...]
    tolerance_minor: int


def list_suggestions(entry: BankEntry) -> list[Suggested]:
    """Return the suggestions of a line, best first."""
    rows = (
        Suggestion.objects.filter(entry=entry)
        .select_related("invoice__party", "invoice__balance", "invoice__edition__programme")
        .prefetch_related("invoice__lines__quote__application__person")
        .order_by("rank", "position")
    )
    tolerances = _tolerances(row.invoice for row in rows)
    return [
        Suggested(
            invoice=row.invoice,
            rank=row.rank,
            score=row.score,
            evidence=tuple((code, told, cents) for code, told, cents in row.evidence),
            tolerance_minor=tolerances[row.invoice.edition_id],
        )
        for row in rows
    ]


def list_bills_taken_back(debit: BankEntry) -> list[Suggested]:
    """Return the bills of which a debit that is free may take a payment back, those of one credit together."""
    if debit.balance.left_minor != debit.amount_minor:
        return []
    rows = list_bookings_taken_back(debit)
    bills = {invoice.pk: invoice for invoice in list_bills_of_ids([row.invoice_id for row in rows])}
    signs = (("line.sum", "", 0), *((("line.payer", debit.payer_name, 0),) if debit.payer_name else ()))
    return [
        Suggested(invoice=bills[row.invoice_id], rank=row.entry_id, score=0, evidence=signs, tolerance_minor=0)
        for row in rows
        if row.invoice_id in bills
    ]


def suggested_bills(entry_id: int) -> list[int]:
    """Return the bills that are suggested for a line."""
    return list(Suggestion.objects.filter(entry=entry_id).values_list("invoice", flat=True).distinct())


def look_bills_up(entry: BankEntry, words: str, *, ended: Collection[int]) -> list[Suggested]:
    """Return bills by number, payer, person, city or open sum, the likely ones first, with what speaks for each."""
    rows = list_invoices(words=words).select_related("edition__programme")
    wanted = Q(balance__allocated_minor__gt=0, currency=entry.currency) if entry.amount_minor < 0 else Q(HAS_OPEN)
    invoices = {invoice.pk: invoice for invoice in rows.filter(wanted)[:MOST_FOUND]}
    weights = _weigh_each(entry, list(invoices), ended)
    tolerances = _tolerances(invoices.values())
    ranked = sorted(invoices, key=lambda pk: (-weights[pk][0], pk))
    return [
        Suggested(
            invoice=invoices[pk],
            rank=rank,
            score=weights[pk][0],
            evidence=weights[pk][1],
            tolerance_minor=tolerances[invoices[pk].edition_id],
        )
        for rank, pk in enumerate(ranked, start=1)
    ]


def list_bills_of_ids(ids: Sequence[int]) -> list[Invoice]:
    """Return bills in the order of the ids, with payer, balance and people."""
    found = {invoice.pk: invoice for invoice in list_invoices().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def may_be_written_off(row: Allocation) -> bool:
    """Tell whether what the bill of a standing booking lacks is little enough to be let go."""
    if row.reverses_id or getattr(row, "reversed_by", None):
        return False
    balance = row.invoice.balance
    return 0 < balance.open_minor <= tolerance_of(row.invoice) - balance.written_off_minor


def tolerance_of(invoice: Invoice) -> int:
    """Return by how much a payment of this bill may fall short, in minor units."""
    return billing_facts(invoice.edition).payment.tolerance_minor


def _tolerances(invoices: Iterable[Invoice]) -> dict[int, int]:
    """Return the tolerance of each edition of some bills, asked once an edition."""
    editions = {invoice.edition_id: invoice for invoice in invoices}
    return {edition_id: tolerance_of(invoice) for edition_id, invoice in editions.items()}


def _weigh_each(
    entry: BankEntry, ids: Sequence[int], ended: Collection[int]
) -> dict[int, tuple[int, tuple[tuple[str, str, int], ...]]]:
    """Return score and evidence of each bill, weighed alone; what is open beside it is not known here."""
    found: dict[int, tuple[int, tuple[tuple[str, str, int], ...]]] = dict.fromkeys(ids, (0, ()))
    for bill in list_bills_to_match(ended=ended, invoice_ids=ids):
        for candidate in weigh(_facts(entry), Book([bill])).candidates[:1]:
            signs = [sign for sign in candidate.signs if sign.code is not Evidence.ONLY_OPEN]
            found[bill.key] = candidate.score, tuple((str(sign.code), sign.told, sign.cents) for sign in signs)
    return found


def _facts(entry: BankEntry) -> EntryFacts:
    return EntryFacts(
        amount_cents=entry.balance.left_minor,
        currency=entry.currency,
        status=EntryStatus(entry.status),
        reversal=entry.reversal,
        creditor_references=tuple(entry.creditor_references),
        remittance=entry.remittance,
        payer_name=entry.payer_name,
        payer_account=entry.payer_iban,
        charges_cents=entry.charges_minor,
        value_date=entry.value_date,
        end_to_end_id=entry.end_to_end_id,
    )
