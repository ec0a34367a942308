"""One pass over a statement file, entry by entry: what is new, known, contested, or no money."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched, chain
from typing import Any

from chancery.domain.billing.identity import Identity, Occurrences
from chancery.domain.billing.models import BankAccount, BankEntry, EntryConflict, Statement, StatementFile
from chancery.domain.billing.policies.feeds import FeedDays
from chancery.domain.billing.policies.telling_apart import Answer
from chancery.domain.billing.queries.feeds import feed_days
from chancery.domain.billing.readers import (
    FileOpened,
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
    StatementRefused,
)
from chancery.domain.billing.services.accounts import account_of_statement
from chancery.domain.billing.services.beside import COUNTED, Found, LinesBeside, Stored, Told, other_sum, stored_like
from chancery.domain.billing.states import EntryStatus
from chancery.foundation.bulk import insert_rows

CHUNK = 200  # rows in one transaction: other writers of SQLite wait for it

type Step = tuple[StatementEvent, Identity | None]
type Verdict = tuple[Found, Told]


@dataclass(slots=True)
class Counts:
    """How many entries a file holds, by what they are beside those on file.

    ``announced`` are those of the ignored ones that the bank has booked, but whose money another kind of file books.
    """

    entries: int = 0
    new: int = 0
    known: int = 0
    ignored: int = 0
    conflicts: int = 0
    announced: int = 0


@dataclass(slots=True)
class Staging:
    """The state of one pass; rows are written by :meth:`write`, a chunk at a time, in the caller's transactions.

    ``feeds`` are the kinds of file by which each account of the file was read.
    """

    file: StatementFile
    format: str = ""
    counts: Counts = field(default_factory=Counts)
    feeds: dict[int, FeedDays] = field(default_factory=dict)
    _occurrences: Occurrences = field(default_factory=Occurrences)
    _statement: Statement | None = None
    _account: BankAccount | None = None
    _feeds: FeedDays = field(default_factory=lambda: FeedDays(""))
    _beside: LinesBeside = field(init=False)
    _recounted: list[tuple[Found, int]] = field(default_factory=list)
    _unknown: list[tuple[Found, list[int]]] = field(default_factory=list)
    _settled: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Know which file the lines on file are beside."""
        self._beside = LinesBeside(self.file.pk)

    def steps(self, events: Iterable[StatementEvent]) -> Iterator[tuple[Step, ...]]:
        """Return the events with the identity of each entry, in chunks."""
        return batched(((event, self._occurrences.see(event)) for event in events), CHUNK)

    def write(self, chunk: Iterable[Step]) -> None:
        """Store a chunk.

        :raises StatementRefused: when a statement is about an account that is not ours.
        """
        found: list[Found] = []
        for event, identity in chunk:
            match event:
                case FileOpened():
                    self.format = event.name
                case StatementOpened():
                    self._open(event)
                case StatementEntry() if identity and self._statement and self._account:
                    books = self._feeds.books(self.format, event.booking_date)
                    found.append(Found(event, identity, self._statement, announced=not books))
                case StatementClosed() if self._statement:
                    self._close(event)
        self._store(found)

    def doubted(self) -> Iterator[tuple[Verdict, ...]]:
        """Return, now that the whole file is known, what the lines are that may be on file already, in chunks."""
        return batched(chain(self._counted_again(), self._told_apart()), CHUNK)

    def write_doubted(self, chunk: Iterable[Verdict]) -> None:
        """Store a chunk of lines that were told apart."""
        rows: list[dict[str, Any]] = []
        for found, told in chunk:
            key = told.key_for(found)
            if told.answer is Answer.KNOWN or (found.statement.account_id, key) in self._settled:
                self.counts.known += 1
                continue
            self._settled.add((found.statement.account_id, key))
            if told.answer is Answer.NEW:
                rows.append(self._row(found))
            elif BankEntry.objects.filter(account=found.statement.account_id, identity=key).exists():
                self.counts.known += 1
            else:
                self._contest(found, told)
        insert_rows(BankEntry, rows)

    def _counted_again(self) -> Iterator[Verdict]:
        for found, stored_id in self._recounted:
            yield found, self._beside.tell_count(found, stored_id)

    def _told_apart(self) -> Iterator[Verdict]:
        for found, others in self._unknown:
            missing = [pk for pk in others if pk not in self._beside.repeated]
            yield found, other_sum(missing[0]) if missing else self._beside.tell_apart(found)

    def _open(self, event: StatementOpened) -> None:
        account = account_of_statement(number=event.account, currency=event.currency)
        if account is None:
            raise StatementRefused(
                "account_not_ours",
                f"account {event.account} is none of ours; name it at the finance desk if it is",
                f"statement {event.number}",
            )
        self._account, self._feeds = account, self.feeds.setdefault(account.pk, feed_days(account))
        self._statement = Statement.objects.create(
            file=self.file, position=event.number, account=account, ident=(event.statement_id or "")[:60]
        )

    def _close(self, event: StatementClosed) -> None:
        if self._statement is None:
            return
        Statement.objects.filter(pk=self._statement.pk).update(
            opening_minor=event.opening_cents,
            closing_minor=event.closing_cents,
            balanced=event.balanced,
            days=self._occurrences.days.get(event.number, {}),
        )
        self._statement = None

    def _store(self, entries: list[Found]) -> None:
        stored = stored_like(entries)
        rows: list[dict[str, Any]] = []
        for found in entries:
            self.counts.entries += 1
            like = stored[found.statement.account_id, found.anchor]
            others = [each for each in like.values() if each.file_id != self.file.pk]
            if found.key in like:
                self._know(found, like)
            elif others or self._beside.holds_day(found):
                self._unknown.append((found, [each.pk for each in others]))
            else:
                rows.append(self._row(found))
                like[found.key] = Stored(0, self.file.pk, found.status, found.statement.pk)
        insert_rows(BankEntry, rows)

    def _know(self, found: Found, like: Mapping[str, Stored]) -> None:
        """Count an entry as known, or keep it until the whole file tells whether it was counted as the one on file."""
        stored = like[found.key]
        self._beside.note_told(found)
        if stored.file_id != self.file.pk and self._beside.was_counted_otherwise(found, stored):
            self._recounted.append((found, stored.pk))
            return
        self.counts.known += 1
        self._beside.repeated |= {each.pk for key, each in like.items() if key.removesuffix(COUNTED) == found.key}

    def _contest(self, found: Found, verdict: Told) -> None:
        self.counts.conflicts += 1
        key = verdict.key_for(found)
        row = {**self._columns(found), "identity": key, "status": EntryStatus.CONTESTED.value}
        insert_rows(BankEntry, [row])
        EntryConflict.objects.create(
            file=self.file,
            entry_id=verdict.stored_id,
            came=BankEntry.objects.get(account=found.statement.account_id, identity=key),
            why=verdict.why,
            amount_minor=found.event.amount_cents,
        )

    def _row(self, found: Found) -> dict[str, Any]:
        if found.status is EntryStatus.BOOKED:
            self.counts.new += 1
        else:
            self.counts.ignored += 1
            self.counts.announced += found.announced and found.event.status is EntryStatus.BOOKED
        return self._columns(found)

    def _columns(self, found: Found) -> dict[str, Any]:
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
