"""One pass over a statement file, entry by entry: what is new, known, a conflict, or no money."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from chancery.domain.billing.identity import ANNOUNCED, Identity, Occurrences
from chancery.domain.billing.models import BankAccount, BankEntry, EntryConflict, Statement, StatementFile
from chancery.domain.billing.readers import (
    FileOpened,
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
    StatementRefused,
)
from chancery.domain.billing.services.accounts import account_of_statement, books_for
from chancery.domain.billing.states import EntryStatus
from chancery.foundation.bulk import insert_rows

CHUNK = 200  # rows in one transaction: other writers of SQLite wait for it

type Step = tuple[StatementEvent, Identity | None]


@dataclass(slots=True)
class Counts:
    """How many entries a file holds, by what they are beside those on file."""

    entries: int = 0
    new: int = 0
    known: int = 0
    ignored: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry with its identity and the statement it stands in."""

    event: StatementEntry
    identity: Identity
    statement: Statement
    announced: bool

    @property
    def key(self) -> str:
        """The identity; what a file that only announces says never stands for booked money."""
        return f"{ANNOUNCED}{self.identity.key}" if self.announced else self.identity.key

    @property
    def anchor(self) -> str:
        return f"{ANNOUNCED}{self.identity.anchor}" if self.announced else self.identity.anchor

    @property
    def status(self) -> EntryStatus:
        return EntryStatus.INFO if self.announced else self.event.status


@dataclass(slots=True)
class Staging:
    """The state of one pass; rows are written by :meth:`write`, a chunk at a time, in the caller's transactions."""

    file: StatementFile
    format: str = ""
    counts: Counts = field(default_factory=Counts)
    _statement: Statement | None = None
    _account: BankAccount | None = None
    _books: bool = False
    _repeated: set[int] = field(default_factory=set)
    _doubted: list[tuple[_Found, list[tuple[str, int]]]] = field(default_factory=list)

    def steps(self, events: Iterable[StatementEvent]) -> Iterator[tuple[Step, ...]]:
        """Return the events with the identity of each entry, in chunks."""
        occurrences = Occurrences()
        return batched(((event, occurrences.see(event)) for event in events), CHUNK)

    def write(self, chunk: Iterable[Step]) -> None:
        """Store a chunk.

        :raises StatementRefused: when a statement is about an account that is not ours.
        """
        found: list[_Found] = []
        for event, identity in chunk:
            match event:
                case FileOpened():
                    self.format = event.name
                case StatementOpened():
                    self._open(event)
                case StatementEntry() if identity and self._statement and self._account:
                    found.append(_Found(event, identity, self._statement, announced=not self._books))
                case StatementClosed() if self._statement:
                    self._close(event)
        self._store(found)

    def write_doubted(self) -> None:
        """Decide, now that the whole file is known, which entries contradict what was stored before."""
        for part in batched(self._doubted, CHUNK):
            rows = []
            for found, others in part:
                missing = [pk for _, pk in others if pk not in self._repeated]
                if missing:
                    self._conflict(found, missing[0])
                else:
                    rows.append(self._row(found))
            insert_rows(BankEntry, rows)
        self._doubted = []

    def _open(self, event: StatementOpened) -> None:
        account = account_of_statement(number=event.account, currency=event.currency)
        if account is None:
            raise StatementRefused(
                "account_not_ours",
                f"account {event.account} is none of ours; name it at the finance desk if it is",
                f"statement {event.number}",
            )
        self._account, self._books = account, books_for(account, format_name=self.format)
        self._statement = Statement.objects.create(
            file=self.file, position=event.number, account=account, ident=(event.statement_id or "")[:60]
        )

    def _close(self, event: StatementClosed) -> None:
        if self._statement is None:
            return
        Statement.objects.filter(pk=self._statement.pk).update(
            opening_minor=event.opening_cents, closing_minor=event.closing_cents, balanced=event.balanced
        )
        self._statement = None

    def _store(self, entries: list[_Found]) -> None:
        stored = self._stored_like(entries)
        rows: list[dict[str, Any]] = []
        for found in entries:
            self.counts.entries += 1
            account_id = found.statement.account_id
            like = stored[account_id, found.anchor]
            if found.key in like:
                self.counts.known += 1
                self._repeated.add(like[found.key][0])
                continue
            others = [(key, pk) for key, (pk, file_id) in like.items() if file_id != self.file.pk]
            if others:
                self._doubted.append((found, others))
                continue
            rows.append(self._row(found))
            like[found.key] = (0, self.file.pk)
        insert_rows(BankEntry, rows)

    def _stored_like(self, entries: list[_Found]) -> dict[tuple[int, str], dict[str, tuple[int, int]]]:
        """Return stored entries that share an anchor: ``(account, anchor) -> key -> (id, file)``."""
        by_account: dict[int, set[str]] = defaultdict(set)
        for found in entries:
            by_account[found.statement.account_id].add(found.anchor)
        stored: dict[tuple[int, str], dict[str, tuple[int, int]]] = defaultdict(dict)
        for account_id, anchors in by_account.items():
            rows = BankEntry.objects.filter(account=account_id, anchor__in=anchors)
            for anchor, key, pk, file_id in rows.values_list("anchor", "identity", "pk", "file_id"):
                stored[account_id, anchor][key] = (pk, file_id)
        return stored

    def _conflict(self, found: _Found, entry_id: int) -> None:
        self.counts.conflicts += 1
        EntryConflict.objects.create(
            file=self.file, entry_id=entry_id, amount_minor=found.event.amount_cents, raw=found.event.raw
        )

    def _row(self, found: _Found) -> dict[str, Any]:
        if found.status is EntryStatus.BOOKED:
            self.counts.new += 1
        else:
            self.counts.ignored += 1
        return {
            "account_id": found.statement.account_id,
            "file_id": self.file.pk,
            "statement_id": found.statement.pk,
            "identity": found.key,
            "anchor": found.anchor,
            "occurrence": found.identity.number,
            "status": found.status.value,
            **_told(found.event),
        }


def _told(event: StatementEntry) -> dict[str, Any]:
    """Return what the bank said, in the columns of the row."""
    return {
        "amount_minor": event.amount_cents,
        "currency": event.currency,
        "booking_date": event.booking_date,
        "value_date": event.value_date,
        "reversal": event.reversal,
        "payer_name": (event.counterparty_name or "")[:200],
        "payer_iban": (event.counterparty_iban or "")[:40],
        "creditor_references": list(event.creditor_references),
        "remittance": event.remittance,
        "end_to_end_id": (event.end_to_end_id or "")[:60],
        "bank_reference": (event.bank_reference or "")[:60],
        "charges_minor": event.charges_cents,
        "doubtful": event.doubtful,
        "raw": event.raw,
    }
