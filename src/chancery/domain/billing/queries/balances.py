"""Whether the lines on file lead from the first balance that the bank told of an account to the last one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Sum
from django.db.models.functions import Coalesce

from chancery.domain.billing.models import BankEntry, Statement
from chancery.domain.billing.queries.feeds import feed_days
from chancery.domain.billing.states import EntryStatus, FileState


@dataclass(frozen=True, slots=True)
class AccountGap:
    """What the bank has by its balances and our lines have not (below zero: the other way), in minor units."""

    account_id: int
    first_on: date
    last_on: date
    gap_minor: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A statement that adds up, by its first and last day and its balances in minor units."""

    first_on: date
    last_on: date
    opening_minor: int
    closing_minor: int


def account_gaps() -> dict[int, AccountGap]:
    """Return the accounts whose lines do not lead from the first balance to the last, by account.

    Where pieces of one day leave open which of them is the first or the last, an account has a gap only if it has one
    whichever they are.
    """
    found = (_gap(account_id, pieces) for account_id, pieces in _pieces().items())
    return {gap.account_id: gap for gap in found if gap}


def _pieces() -> dict[int, list[_Piece]]:
    rows = Statement.objects.filter(file__state=FileState.ACCEPTED, balanced=True).select_related("file", "account")
    pieces: dict[int, list[_Piece]] = defaultdict(list)
    feeds = cache(feed_days)
    for row in rows.order_by("pk"):
        days = [date.fromisoformat(day) for day in row.days if day]
        books = bool(days) and feeds(row.account).books(row.file.format, min(days))
        if books and row.opening_minor is not None and row.closing_minor is not None:
            pieces[row.account_id].append(_Piece(min(days), max(days), row.opening_minor, row.closing_minor))
    return pieces


def _gap(account_id: int, pieces: list[_Piece]) -> AccountGap | None:
    first_on, last_on = min(each.first_on for each in pieces), max(each.last_on for each in pieces)
    firsts = [each for each in pieces if each.first_on == first_on]
    lasts = [each for each in pieces if each.last_on == last_on]
    openings = _outermost([each.opening_minor for each in firsts], {each.closing_minor for each in firsts})
    closings = _outermost([each.closing_minor for each in lasts], {each.opening_minor for each in lasts})
    booked = _booked(account_id, first_on, last_on)
    gaps = [closing - opening - booked for opening in openings for closing in closings]
    return None if 0 in gaps else AccountGap(account_id, first_on, last_on, gaps[-1])


def _outermost(balances: list[int], inner: Iterable[int]) -> list[int]:
    """Return the balances at which no other piece goes on; all of them where they go round."""
    met = set(inner)
    return [balance for balance in balances if balance not in met] or balances


def _booked(account_id: int, first_on: date, last_on: date) -> int:
    rows = BankEntry.objects.filter(account=account_id, status=EntryStatus.BOOKED, file__state=FileState.ACCEPTED)
    of_days = rows.annotate(day=Coalesce("booking_date", "value_date")).filter(day__range=(first_on, last_on))
    return of_days.aggregate(sum=Sum("amount_minor"))["sum"] or 0
