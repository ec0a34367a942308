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

An identity is ``anchor:amount``. The same anchor with another amount is never the same entry and never simply a
new one: it is a conflict for a person.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chancery.domain.billing.readers.content import (
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
)

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


class Standing(StrEnum):
    """What an entry is beside those already stored."""

    NEW = "new"
    KNOWN = "known"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an entry is. ``key`` (at most 80 signs) is unique in its account; ``anchor`` is the key without amount."""

    basis: Basis
    anchor: str
    key: str
    number: int  # from 1; more than 1 where like entries came before


class Occurrences:
    """Tells the entries of one file apart. One for each file; it sees every event, in the order of the file.

    Counting goes on from one statement to the next where the second opens with what the first closed with (pages
    of one day); it starts anew in a statement that repeats or overlaps another.
    """

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()
        self._statement: StatementOpened | None = None
        self._closed: tuple[StatementOpened, StatementClosed] | None = None

    def see(self, event: StatementEvent) -> Identity | None:
        """Return the identity of the event where it is an entry."""
        match event:
            case StatementOpened():
                if not self._goes_on(event):
                    self._seen.clear()
                self._statement = event
            case StatementClosed() if self._statement:
                self._closed = self._statement, event
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

    def _identify(self, statement: StatementOpened, entry: StatementEntry) -> Identity:
        direction = "credit" if entry.is_credit else "debit"
        common = (statement.account, str(entry.status), direction, str(entry.detail_index))
        day = _day(entry.booking_date or entry.value_date)
        if is_reference(entry.bank_reference):
            return self._number(Basis.BANK_REFERENCE, (*common, day, entry.bank_reference or ""), entry)
        if is_reference(entry.entry_reference) and statement.statement_id and statement.created_on:
            created = _day(statement.created_on)
            parts = (*common, statement.statement_id, created, entry.entry_reference or "")
            return self._number(Basis.ENTRY_NUMBER, parts, entry)
        return self._number(Basis.OCCURRENCE, (*common[:3], day, _amount(entry), *texts_of(entry)), entry)

    def _number(self, basis: Basis, parts: tuple[str, ...], entry: StatementEntry) -> Identity:
        amount = _amount(entry)
        like = _digest((basis, amount, *parts))[:16]  # short, for files of any length
        self._seen[like] += 1
        number = self._seen[like]
        anchor = basis[0] + _digest((*parts, str(number))).hex()[:40]
        return Identity(basis, anchor, f"{anchor}:{amount}", number)


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


def standing_of(identity: Identity, known: Collection[str], *, in_this_file: Collection[str]) -> Standing:
    """Judge an entry beside the stored keys that share its anchor (``known``).

    Banks do give one reference to several sums of one day: a stored key that this file holds too is one of those.
    Only a stored sum that this file does not repeat contradicts it.
    """
    if identity.key in known:
        return Standing.KNOWN
    if any(key not in in_this_file for key in known):
        return Standing.CONFLICT
    return Standing.NEW


def texts_of(entry: StatementEntry) -> tuple[str, ...]:
    """Return what an entry says in words, without the differences between two prints of it."""
    texts = (
        entry.counterparty_name,
        entry.counterparty_iban,
        entry.creditor_reference,
        entry.remittance,
        entry.end_to_end_id,
    )
    return tuple("".join((text or "").upper().split()) for text in texts)


def _digest(parts: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()


def _amount(entry: StatementEntry) -> str:
    return f"{entry.amount_cents}{entry.currency}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
