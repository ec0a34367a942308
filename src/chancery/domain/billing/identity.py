"""Which entry is which: so that a file imported twice counts once, and two genuine equal transfers count twice.

References alone do not tell: banks fill them with placeholders, restart them in every statement and give one to
several details. The rules, from the surest (tried on real statements; simpler ones lose genuine money):

1. the bank's reference, together with account, booking day, direction, status and detail index;
2. the entry's number, which restarts in every statement, together with statement id and creation day (ids are
   reused);
3. how many like it came before: account, booking day, amount, direction and texts. This only tells something in
   a statement that is complete (opening + entries = closing); else a person decides.

What one statement lists twice is two: the second one of the same kind is number two, so that no genuine money is
lost where a bank gives one reference to several equal sums.

Two counts compare only where both begin with the same balance: a file of the afternoon counts from one again, and its
first line is not the first one of the morning. So each identity says from which balance of its day it was counted.

An identity is ``anchor:amount``. The same anchor with another amount is never the same entry and never simply a
new one: it is a conflict for a person. What else may be on file already is told in ``policies.telling_apart``.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chancery.domain.billing.readers.content import (
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
)
from chancery.domain.billing.states import EntryStatus

PLACEHOLDERS = frozenset(
    {"NONREF", "NOREF", "NOREFERENCE", "NOTPROVIDED", "NOTPROVIDE", "NOTAVAILABLE", "UNKNOWN", "NONE", "NULL", "NA"}
    | {"EREF", "KREF", "MREF", "CREF", "SVWZ"}
)
ANNOUNCED = "seen:"  # before key and anchor of what the bank announces but has not booked
SIGNS = re.compile(r"[^0-9A-Z]")


class Basis(StrEnum):
    """What an identity rests on."""

    BANK_REFERENCE = "bank reference"
    ENTRY_NUMBER = "entry number"
    OCCURRENCE = "occurrence"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an entry is. ``key`` (at most 80 signs) is unique in its account; ``anchor`` is the key without amount.

    ``start_minor`` is the balance with which its day begins in the file, as far as the lines before it tell.
    """

    basis: Basis
    anchor: str
    key: str
    number: int  # from 1; more than 1 where like entries came before
    start_minor: int | None = None


class Occurrences:
    """Tells the entries of one file apart. One for each file; it sees every event, in the order of the file.

    Counting goes on from one statement to the next where the second opens with what the first closed with (pages
    of one day); it starts anew in a statement that repeats or overlaps another.
    """

    def __init__(self) -> None:
        self.days: dict[int, dict[str, int]] = {}  # by statement: the balance with which each day begins
        self._seen: Counter[bytes] = Counter()
        self._days: dict[str, int] = {}
        self._sums: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        self._statement: StatementOpened | None = None
        self._closed: tuple[StatementOpened, StatementClosed] | None = None

    def see(self, event: StatementEvent) -> Identity | None:
        """Return the identity of the event where it is an entry."""
        match event:
            case StatementOpened():
                if not self._goes_on(event):
                    self._seen.clear()
                    self._days = {}
                self._statement, self._sums, self._begun = event, {}, {}
            case StatementClosed() if self._statement:
                self._closed = self._statement, event
                self.days[event.number] = self._days_of(event)
            case StatementEntry() if self._statement:
                return self._identify(self._statement, event)
        return None

    def _goes_on(self, statement: StatementOpened) -> bool:
        if self._closed is None:
            return False
        before, closed = self._closed
        same = (before.statement_id, before.created_on) == (statement.statement_id, statement.created_on)
        follows = closed.closing_cents is not None and closed.closing_cents == statement.opening_cents
        return follows and not same and before.account == statement.account

    def _days_of(self, closed: StatementClosed) -> dict[str, int]:
        """Return the balance with which each day of a statement begins; nothing where it does not add up."""
        if closed.opening_cents is None or not closed.balanced:
            return {}
        running, days = closed.opening_cents, {}
        for day, sum_ in sorted(self._sums.items()):
            days[day] = self._days.setdefault(day, running)
            running += sum_
        return days

    def _start(self, opening: int | None, day: str, entry: StatementEntry) -> int | None:
        """Return the balance with which the day of an entry begins, and count the entry."""
        if opening is not None and day not in self._begun:
            self._begun[day] = opening + sum(sum_ for other, sum_ in self._sums.items() if other < day)
        if entry.status is EntryStatus.BOOKED:
            self._sums[day] = self._sums.get(day, 0) + entry.amount_cents
        return self._days.get(day, self._begun.get(day))

    def _identify(self, statement: StatementOpened, entry: StatementEntry) -> Identity:
        direction = "credit" if entry.is_credit else "debit"
        common = (statement.account, str(entry.status), direction, str(entry.detail_index))
        day = _day(entry.booking_date or entry.value_date)
        start = self._start(statement.opening_cents, day, entry)
        if is_reference(entry.bank_reference):
            return self._number(Basis.BANK_REFERENCE, (*common, day, entry.bank_reference or ""), entry, start)
        if is_reference(entry.entry_reference) and statement.statement_id and statement.created_on:
            created = _day(statement.created_on)
            parts = (*common, statement.statement_id, created, entry.entry_reference or "")
            return self._number(Basis.ENTRY_NUMBER, parts, entry, start)
        return self._number(Basis.OCCURRENCE, (*common[:3], day, _amount(entry), *texts_of(entry)), entry, start)

    def _number(self, basis: Basis, parts: tuple[str, ...], entry: StatementEntry, start: int | None) -> Identity:
        amount = _amount(entry)
        like = _digest((basis, amount, *parts))[:16]  # short, for files of any length
        self._seen[like] += 1
        number = self._seen[like]
        anchor = basis[0] + _digest((*parts, str(number))).hex()[:40]
        return Identity(basis, anchor, f"{anchor}:{amount}", number, start)


def is_certain(anchor: str, number: int, *, complete: bool | None) -> bool:
    """Tell whether an identity can be relied on, given whether its statement is complete (balanced).

    In a statement that does not add up something is missing or damaged: whatever it says, a person looks.
    """
    counted = anchor.removeprefix(ANNOUNCED).startswith(Basis.OCCURRENCE[0])
    return complete is True or (complete is None and not counted and number == 1)


def is_reference(text: str | None) -> bool:
    """Tell whether a reference says something: placeholders such as NONREF, and nothing but zeros, do not."""
    signs = SIGNS.sub("", (text or "").upper())
    return bool(signs.strip("0")) and signs not in PLACEHOLDERS


def texts_of(entry: StatementEntry) -> tuple[str, ...]:
    """Return what an entry says in words, without the differences between two prints of it."""
    texts = (
        entry.counterparty_name,
        entry.counterparty_iban,
        entry.creditor_reference,
        entry.remittance,
        entry.end_to_end_id,
    )
    return plain(texts)


def plain(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Return texts as they compare: without blanks, in capitals."""
    return tuple("".join((text or "").upper().split()) for text in texts)


def _digest(parts: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()


def _amount(entry: StatementEntry) -> str:
    return f"{entry.amount_cents}{entry.currency}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
