"""Keep the suggestions of lines that wait: made when a file is matched, made anew when what they rest on changes."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from chancery.domain.billing.matching import Book, Candidate, Match, weigh
from chancery.domain.billing.models import Allocation, BankEntry, EntryBalance, Suggestion
from chancery.domain.billing.services.facts import TOLD, facts_of_row
from chancery.domain.billing.states import WorkState
from chancery.foundation.bulk import insert_rows

CHUNK = 200
WEIGHED = (WorkState.SUGGESTED, WorkState.SUSPENSE)


@transaction.atomic
def store_suggestions(answers: Sequence[tuple[int, Match]]) -> None:
    """Insert the candidates of entries that have none yet; what the machine booked needs no suggestion."""
    rows = [row for entry_id, match in answers if not match.is_booked for row in _rows(entry_id, match.candidates)]
    insert_rows(Suggestion, rows)


@transaction.atomic
def lock_lines_beside(*, entry_id: int, invoice_ids: Collection[int]) -> list[int]:
    """Lock the entry and the waiting lines that booking it may change, in order of id; return the others.

    Those are the lines that were suggested for the same bills, or come from the same payer.
    """
    entry = BankEntry.objects.only("payer_iban", "payer_name").get(pk=entry_id)
    same = Q(entry__suggestions__invoice__in=list(invoice_ids))
    if entry.payer_iban:
        same |= Q(entry__payer_iban=entry.payer_iban)
    if entry.payer_name:
        same |= Q(entry__payer_name=entry.payer_name)
    waiting = EntryBalance.objects.filter(same, work_state__in=WEIGHED).order_by("pk")
    beside = set(waiting.values_list("entry_id", flat=True)[:CHUNK]) | {entry_id}
    locked = EntryBalance.objects.select_for_update().filter(entry__in=beside).order_by("pk")
    return [each for each in locked.values_list("entry_id", flat=True) if each != entry_id]


@transaction.atomic
def weigh_again(*, entry_ids: Collection[int], book: Book, now: datetime) -> int:
    """Make the suggestions of waiting lines anew; return how many were weighed."""
    waiting = EntryBalance.objects.select_for_update().filter(entry__in=entry_ids, work_state__in=WEIGHED)
    balances = {balance.entry_id: balance for balance in waiting.order_by("pk")}
    Suggestion.objects.filter(entry__in=balances).delete()
    answers = [
        (pk, weigh(facts_of_row(row, left=balances[pk].left_minor), book))
        for pk, *row in BankEntry.objects.filter(pk__in=balances).values_list("pk", *TOLD)
    ]
    for pk, match in answers:
        balance = balances[pk]
        balance.work_state = WorkState.SUGGESTED if _is_suggested(match) else WorkState.SUSPENSE
        balance.reasons, balance.weighed_at = _codes(match), now
    EntryBalance.objects.bulk_update(balances.values(), ["work_state", "reasons", "weighed_at"])
    insert_rows(Suggestion, [row for pk, match in answers for row in _rows(pk, match.candidates)])
    return len(answers)


def lines_beside_file(*, file_id: int) -> Iterator[tuple[int, ...]]:
    """Yield chunks of waiting lines that were suggested for bills which the file has booked since."""
    booked = Allocation.objects.filter(entry__file=file_id).values("invoice")
    rows = EntryBalance.objects.filter(entry__suggestions__invoice__in=booked, work_state__in=WEIGHED)
    yield from batched(list(rows.order_by("pk").values_list("entry_id", flat=True).distinct()), CHUNK)


def lines_to_weigh(*, since: datetime | None) -> Iterator[tuple[int, ...]]:
    """Yield chunks of waiting lines that were last weighed before an instant."""
    if since is not None:
        yield from batched(list(stale_lines(since).values_list("entry_id", flat=True)), CHUNK)


def stale_lines(since: datetime) -> QuerySet[EntryBalance]:
    """Return the balances of waiting lines that were last weighed before an instant."""
    return EntryBalance.objects.filter(
        Q(weighed_at=None) | Q(weighed_at__lt=since), work_state__in=WEIGHED, amount_minor__gt=0
    ).order_by("pk")


def _is_suggested(match: Match) -> bool:
    """Whether a person is offered a bill; what could be booked by itself is offered too, since it waits already."""
    return match.state in (WorkState.SUGGESTED, WorkState.BOOKED)


def _codes(match: Match) -> list[str]:
    return [str(code) for code in (*match.evidence, *match.reasons)]


def _rows(entry_id: int, candidates: Sequence[Candidate]) -> Iterator[dict[str, Any]]:
    for rank, candidate in enumerate(candidates, start=1):
        evidence = [[str(sign.code), sign.told, sign.cents] for sign in candidate.signs]
        for position, part in enumerate(candidate.parts, start=1):
            yield {
                "entry_id": entry_id,
                "rank": rank,
                "position": position,
                "invoice_id": part.bill.key,
                "amount_minor": part.cents,
                "score": candidate.score,
                "evidence": evidence,
            }
