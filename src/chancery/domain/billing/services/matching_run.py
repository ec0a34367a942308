"""Match entries of accepted files with open bills and book the exact ones, a chunk at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from chancery.domain.billing.identity import is_certain
from chancery.domain.billing.matching import EntryFacts, Match, OpenInvoice, match_exactly, pack
from chancery.domain.billing.models import (
    Allocation,
    BankEntry,
    EntryBalance,
    Invoice,
    InvoiceBalance,
    StatementFile,
)
from chancery.domain.billing.services.allocating import Moved, open_minor
from chancery.domain.billing.services.staging import CHUNK
from chancery.domain.billing.states import EntryStatus, FileState, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.bulk import insert_rows

EXACT = "exact reference, amount and currency"
PLACE_ENDED = "place_ended"
TOLD = (
    "pk",
    "amount_minor",
    "currency",
    "status",
    "reversal",
    "creditor_references",
    "remittance",
    "doubtful",
    "anchor",
    "occurrence",
    "statement__balanced",
)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A stored entry that nobody matched yet."""

    pk: int
    facts: EntryFacts


@dataclass(frozen=True, slots=True)
class Matched:
    """An entry and what is to be done with it."""

    entry: Unmatched
    match: Match


def list_unmatched(*, file_id: int, after_id: int) -> list[Unmatched]:
    """Return the next entries of a file that nobody matched yet."""
    rows = BankEntry.objects.filter(file=file_id, pk__gt=after_id, balance=None).order_by("pk")
    return [_unmatched(*row) for row in rows.values_list(*TOLD)[:CHUNK]]


@transaction.atomic
def lock_unmatched(*, file_id: int, entries: Sequence[Unmatched]) -> list[Unmatched]:
    """Return those of the entries that nobody else has matched; the accepted file is locked meanwhile."""
    StatementFile.objects.select_for_update().get(pk=file_id, state=FileState.ACCEPTED)
    taken = EntryBalance.objects.filter(entry__in=[each.pk for each in entries])
    matched_meanwhile = set(taken.values_list("entry", flat=True))
    return [each for each in entries if each.pk not in matched_meanwhile]


def open_invoices(invoice_ids: Collection[int] | None = None) -> dict[str, OpenInvoice]:
    """Return bills that wait for money, by reference; all of them, or those with these ids."""
    rows = InvoiceBalance.objects.filter(
        total_minor__gt=F("allocated_minor") + F("credited_minor") + F("written_off_minor") - F("refunded_minor")
    ).select_related("invoice")
    if invoice_ids is not None:
        rows = rows.filter(invoice__in=invoice_ids)
    return {
        pack(row.invoice.creditor_reference): OpenInvoice(
            key=row.invoice_id,
            reference=row.invoice.creditor_reference,
            open_cents=open_minor(row),
            currency=row.invoice.currency,
        )
        for row in rows
    }


def match_entries(entries: Sequence[Unmatched], waiting: Mapping[str, OpenInvoice]) -> list[Matched]:
    """Return what is to be done with each entry, in their order; a bill that one entry pays is not paid by the next."""
    left = dict(waiting)
    answers = []
    for entry in entries:
        match = match_exactly(entry.facts, left)
        if match.is_booked and match.invoice:
            del left[pack(match.invoice.reference)]
        answers.append(Matched(entry, match))
    return answers


@transaction.atomic
def book_matches(matched: Sequence[Matched], *, ended: Collection[int], actor: Actor, now: datetime) -> list[Moved]:
    """Store a balance for each entry and book the exact ones; the bills' balances are locked by the caller.

    ``ended``: bills whose place nobody holds any more; money for them waits for a person.
    """
    decided = [_unless_ended(each, ended) for each in matched]
    insert_rows(EntryBalance, [_balance(each, ended) for each in decided])
    booked = [each for each in decided if each.match.is_booked]
    entries = BankEntry.objects.in_bulk([each.entry.pk for each in booked])
    bills = Invoice.objects.select_related("party", "edition").in_bulk([_bill_id(each) for each in booked])
    return [_book(entries[each.entry.pk], bills[_bill_id(each)], actor, now) for each in booked]


@transaction.atomic
def finish_file(*, file_id: int, now: datetime) -> None:
    """Note that every entry of the file was matched."""
    StatementFile.objects.filter(pk=file_id).update(settled_at=now)


def _unmatched(
    pk: int,
    amount_minor: int,
    currency: str,
    status: str,
    reversal: bool,
    creditor_references: list[str],
    remittance: str,
    doubtful: bool,
    anchor: str,
    occurrence: int,
    balanced: bool | None,
) -> Unmatched:
    facts = EntryFacts(
        amount_cents=amount_minor,
        currency=currency,
        status=EntryStatus(status),
        reversal=reversal,
        creditor_references=tuple(creditor_references),
        remittance=remittance,
        certain=is_certain(anchor, occurrence, complete=balanced),
        doubtful=doubtful,
    )
    return Unmatched(pk, facts)


def _balance(each: Matched, ended: Collection[int]) -> dict[str, Any]:
    amount, match = each.entry.facts.amount_cents, each.match
    told = [PLACE_ENDED] if _has_ended(match, ended) else []
    return {
        "entry_id": each.entry.pk,
        "amount_minor": amount,
        "allocated_minor": amount if match.is_booked else 0,
        "returned_minor": 0,
        "work_state": match.state.value,
        "reasons": [*match.evidence, *match.reasons, *told],
        "note": "",
    }


def _bill_id(each: Matched) -> int:
    return each.match.invoice.key if each.match.invoice else 0


def _has_ended(match: Match, ended: Collection[int]) -> bool:
    return match.invoice is not None and match.invoice.key in ended


def _unless_ended(each: Matched, ended: Collection[int]) -> Matched:
    if each.match.is_booked and _has_ended(each.match, ended):
        return replace(each, match=replace(each.match, state=WorkState.SUSPENSE))
    return each


def _book(entry: BankEntry, invoice: Invoice, actor: Actor, now: datetime) -> Moved:
    allocation = Allocation.objects.create(
        entry=entry,
        invoice=invoice,
        amount_minor=entry.amount_minor,
        reason=EXACT,
        actor=actor.reference,
        at=now,
    )
    InvoiceBalance.objects.filter(invoice=invoice).update(allocated_minor=F("allocated_minor") + entry.amount_minor)
    record(
        Event.ENTRY_ALLOCATED,
        actor=actor,
        subject=allocation,
        now=now,
        facts={"entry": entry.pk, "invoice": invoice.pk, "amount_minor": entry.amount_minor},
    )
    return Moved(allocation, invoice, entry.amount_minor, 0)
