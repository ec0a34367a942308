"""Whether the lines on file lead from the first balance that the bank told of an account to the last one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Sum
from django.db.models.functions import Coalesce

from chancery.domain.billing.models import BankEntry, Statement
from chancery.domain.billing.policies.feeds import FeedDays
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
    """What a statement that adds up books, by its first and last day and its balances in minor units."""

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
        if piece := _piece(row, feeds(row.account)):
            pieces[row.account_id].append(piece)
    return pieces


def _piece(row: Statement, feeds: FeedDays) -> _Piece | None:
    """Return the days of a statement that its kind of file books, with the balances before and after them."""
    begins = {date.fromisoformat(day): minor for day, minor in row.days.items() if day}
    booked = [day for day in begins if feeds.books(row.file.format, day)]
    if not booked or row.opening_minor is None or row.closing_minor is None:
        return None
    first_on, last_on = min(booked), max(booked)
    opening = row.opening_minor if first_on == min(begins) else begins[first_on]
    after = [day for day in begins if day > last_on]
    return _Piece(first_on, last_on, opening, begins[min(after)] if after else row.closing_minor)


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
