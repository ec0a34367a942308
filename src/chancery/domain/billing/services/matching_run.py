"""Match entries of accepted files with open bills and book the exact ones, a chunk at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

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

EXACT = "exact reference, amount and currency"
PLACE_ENDED = "place_ended"


@dataclass(frozen=True, slots=True)
class Matched:
    """An entry and what is to be done with it."""

    entry: BankEntry
    match: Match


@transaction.atomic
def lock_unmatched(*, file_id: int, after_id: int) -> list[BankEntry]:
    """Return the next entries of an accepted file that nobody matched yet; the file is locked meanwhile."""
    StatementFile.objects.select_for_update().get(pk=file_id, state=FileState.ACCEPTED)
    rows = BankEntry.objects.filter(file=file_id, pk__gt=after_id, balance=None).order_by("pk")
    return list(rows.defer("raw").prefetch_related("statement")[:CHUNK])


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


def match_entries(entries: Sequence[BankEntry], waiting: Mapping[str, OpenInvoice]) -> list[Matched]:
    """Return what is to be done with each entry, in their order; a bill that one entry pays is not paid by the next."""
    left = dict(waiting)
    answers = []
    for entry in entries:
        match = match_exactly(facts_of_row(entry), left)
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
    booked = {each.entry.pk: each.match.invoice for each in decided if each.match.is_booked}
    EntryBalance.objects.bulk_create(
        EntryBalance(
            entry_id=each.entry.pk,
            amount_minor=each.entry.amount_minor,
            allocated_minor=each.entry.amount_minor if each.entry.pk in booked else 0,
            work_state=each.match.state,
            reasons=[*each.match.evidence, *each.match.reasons]
            + ([PLACE_ENDED] if _has_ended(each.match, ended) else []),
        )
        for each in decided
    )
    return [_book(each, actor, now) for each in decided if each.match.is_booked]


@transaction.atomic
def finish_file(*, file_id: int, now: datetime) -> None:
    """Note that every entry of the file was matched."""
    StatementFile.objects.filter(pk=file_id).update(settled_at=now)


def facts_of_row(entry: BankEntry) -> EntryFacts:
    """Return what matching needs to know of a stored entry."""
    by_occurrence = entry.anchor.removeprefix("seen:").startswith("o")
    return EntryFacts(
        amount_cents=entry.amount_minor,
        currency=entry.currency,
        status=EntryStatus(entry.status),
        reversal=entry.reversal,
        creditor_references=tuple(entry.creditor_references),
        remittance=entry.remittance,
        certain=entry.statement.balanced is True or (not by_occurrence and entry.occurrence == 1),
        doubtful=entry.doubtful,
    )


def _has_ended(match: Match, ended: Collection[int]) -> bool:
    return match.invoice is not None and match.invoice.key in ended


def _unless_ended(each: Matched, ended: Collection[int]) -> Matched:
    if each.match.is_booked and _has_ended(each.match, ended):
        return replace(each, match=replace(each.match, state=WorkState.SUSPENSE))
    return each


def _book(each: Matched, actor: Actor, now: datetime) -> Moved:
    entry = each.entry
    invoice_id = each.match.invoice.key if each.match.invoice else 0
    invoice = Invoice.objects.select_related("party", "edition").get(pk=invoice_id)
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
