"""Match entries of accepted files with open bills and book the exact ones, a chunk at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from chancery.domain.billing.matching import (
    CERTAIN,
    Bill,
    Book,
    Doubt,
    EntryFacts,
    Match,
    after_booking,
    not_booked,
    weigh,
)
from chancery.domain.billing.models import (
    BankEntry,
    EntryBalance,
    Invoice,
    StatementFile,
)
from chancery.domain.billing.services.allocating import Move, Moved, write_allocation
from chancery.domain.billing.services.facts import TOLD, facts_of_row
from chancery.domain.billing.services.staging import CHUNK
from chancery.domain.billing.services.suggesting import store_suggestions
from chancery.domain.billing.states import SCORE, FileState, Noted
from chancery.foundation.audit.actors import Actor
from chancery.foundation.bulk import insert_rows


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
    return [Unmatched(pk, facts_of_row(row)) for pk, *row in rows.values_list("pk", *TOLD)[:CHUNK]]


@transaction.atomic
def lock_unmatched(*, file_id: int, entries: Sequence[Unmatched]) -> list[Unmatched]:
    """Return those of the entries that nobody else has matched; the accepted file is locked meanwhile."""
    StatementFile.objects.select_for_update().get(pk=file_id, state=FileState.ACCEPTED)
    taken = EntryBalance.objects.filter(entry__in=[each.pk for each in entries])
    matched_meanwhile = set(taken.values_list("entry", flat=True))
    return [each for each in entries if each.pk not in matched_meanwhile]


def match_entries(
    entries: Sequence[Unmatched], book: Book, *, bookable: Collection[int] | None = None
) -> list[Matched]:
    """Return what is to be done with each entry, in their order; a bill that one entry pays is not paid by the next.

    The book is left as it was: what is only matched is not booked yet. ``bookable``: the bills whose balances are
    locked, where they are; money for another one waits for a person.
    """
    before: dict[int, Bill] = {}
    answers = []
    for entry in entries:
        match = weigh(entry.facts, book)
        if match.invoice and bookable is not None and match.invoice.key not in bookable:
            match = not_booked(match)
        if match.is_booked and match.invoice:
            before.setdefault(match.invoice.key, match.invoice)
            book.put(after_booking(match.invoice, entry.facts.amount_cents))
        answers.append(Matched(entry, match))
    for bill in before.values():
        book.put(bill)
    return answers


@transaction.atomic
def book_matches(*, matched: Sequence[Matched], ended: Collection[int], actor: Actor, now: datetime) -> list[Moved]:
    """Store a balance and suggestions for each entry and book the sure ones; the caller locks the bills' balances.

    ``ended``: bills whose place nobody holds any more; money for them waits for a person.
    """
    decided = [_unless_ended(each, ended) for each in matched]
    insert_rows(EntryBalance, [_balance(each, ended, now) for each in decided])
    store_suggestions([(each.entry.pk, each.match) for each in decided])
    booked = [each for each in decided if each.match.is_booked]
    entries = BankEntry.objects.in_bulk([each.entry.pk for each in booked])
    bills = Invoice.objects.select_related("party", "edition").in_bulk([_bill_id(each) for each in booked])
    return [_book(each.match, entries[each.entry.pk], bills[_bill_id(each)], actor, now) for each in booked]


@transaction.atomic
def finish_file(*, file_id: int, now: datetime) -> None:
    """Note that every entry of the file was matched."""
    StatementFile.objects.filter(pk=file_id).update(settled_at=now)


def _balance(each: Matched, ended: Collection[int], now: datetime) -> dict[str, Any]:
    amount, match = each.entry.facts.amount_cents, each.match
    told = [Doubt.PLACE_ENDED] if _has_ended(match, ended) and Doubt.PLACE_ENDED not in match.reasons else []
    return {
        "entry_id": each.entry.pk,
        "amount_minor": amount,
        "allocated_minor": amount if match.is_booked else 0,
        "returned_minor": 0,
        "cost_minor": 0,
        "work_state": match.state.value,
        "reasons": [*match.evidence, *match.reasons, *told],
        "note": "",
        "is_other_payment": False,
        "weighed_at": now,
    }


def _bill_id(each: Matched) -> int:
    return each.match.invoice.key if each.match.invoice else 0


def _has_ended(match: Match, ended: Collection[int]) -> bool:
    return match.invoice is not None and match.invoice.key in ended


def _unless_ended(each: Matched, ended: Collection[int]) -> Matched:
    if each.match.is_booked and _has_ended(each.match, ended) and each.entry.facts.amount_cents > 0:
        return replace(each, match=not_booked(each.match))
    return each


def _book(match: Match, entry: BankEntry, invoice: Invoice, actor: Actor, now: datetime) -> Moved:
    move = Move(entry_id=entry.pk, invoice_id=invoice.pk, amount_minor=entry.amount_minor, reason=_why(match))
    allocation = write_allocation(move=move, actor=actor, now=now)
    allocation.entry, allocation.invoice = entry, invoice
    before = match.invoice.open_cents if match.invoice else 0
    return Moved(allocation, invoice, before, before - entry.amount_minor)


def _why(match: Match) -> str:
    """Return the reason that is kept with the booking; a match below the exact rule says what it rests on."""
    if Doubt.REVERSAL in match.reasons:
        return Noted.RETURNED
    score = match.candidates[0].score
    return Noted.EXACT if score == CERTAIN else f"{SCORE}{score}: {', '.join(match.evidence)}"[:300]
