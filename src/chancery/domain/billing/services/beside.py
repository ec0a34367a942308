"""The lines of other files beside those of the file that is being read: which of them it repeats, and which not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from chancery.domain.billing.identity import ANNOUNCED, Basis, Identity, is_reference, plain
from chancery.domain.billing.models import BankEntry, Statement
from chancery.domain.billing.policies.telling_apart import Answer, DayLine, Verdict, tell_apart, tell_count
from chancery.domain.billing.readers import StatementEntry
from chancery.domain.billing.states import Contest, EntryStatus, WorkState

COUNTED = "!"  # after the identity of a contested line that a person has counted
SEVERAL = 2  # kinds of lines that are noted: one of them is another than any
STARTING = "@"  # before the balance from which a line was counted whose like is on file


@dataclass(frozen=True, slots=True)
class Found:
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
        """The key without the amount."""
        return f"{ANNOUNCED}{self.identity.anchor}" if self.announced else self.identity.anchor

    @property
    def status(self) -> EntryStatus:
        """As the bank says it; what only announces is no money."""
        return EntryStatus.INFO if self.announced else self.event.status

    @property
    def day(self) -> date | None:
        """The day of the money; None where it is none."""
        return self.event.booking_date if self.status is EntryStatus.BOOKED else None


@dataclass(frozen=True, slots=True)
class Stored:
    """A row on file that shares an anchor."""

    pk: int
    file_id: int
    status: str
    statement_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry is beside those on file; ``suffix`` makes its key another one than that of its like."""

    answer: Answer
    stored_id: int = 0
    why: str = ""
    suffix: str = ""

    def key_for(self, found: Found) -> str:
        """Return the identity under which the entry is stored."""
        return f"{found.key}{self.suffix}"


@dataclass(slots=True)
class LinesBeside:
    """What other files have brought, as far as the file that is being read touches their days."""

    file_id: int
    repeated: set[int] = field(default_factory=set)
    _days: dict[int, set[date | None]] = field(default_factory=dict)
    _first: dict[int, date] = field(default_factory=dict)
    _kinds: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _starts: dict[int, Mapping[str, int]] = field(default_factory=dict)
    _lines: dict[tuple[int, date], dict[str, list[DayLine]]] = field(default_factory=dict)

    def holds_day(self, found: Found) -> bool:
        """Tell whether another file brought lines of that day; note the day as one of this file."""
        account, day = found.statement.account_id, found.day
        if day is None:
            return False
        self._note_day(account, day)
        if account not in self._days:
            rows = BankEntry.objects.filter(account=account, booking_date__isnull=False).exclude(file=self.file_id)
            self._days[account] = set(rows.order_by().values_list("booking_date", flat=True).distinct())
        return day in self._days[account]

    def note_told(self, found: Found) -> None:
        """Note a line that is on file under this identity: it tells what else the file repeats."""
        account = found.statement.account_id
        if found.day:
            self._note_day(account, found.day)
            if len(self._kinds[account]) < SEVERAL:
                self._kinds[account].add(_kind(found))

    def was_counted_otherwise(self, found: Found, stored: Stored) -> bool:
        """Tell whether a line was only counted, and, so far as can be said yet, not from the balance of its like."""
        if found.identity.basis is not Basis.OCCURRENCE or not found.day or stored.status != EntryStatus.BOOKED:
            return False
        start = found.identity.start_minor
        return start is None or start != self._start(stored.statement_id, found.day)

    def tell_count(self, found: Found, stored_id: int) -> Told:
        """Tell whether a counted line is the one on file, now that the whole file is known."""
        account, day = found.statement.account_id, found.day
        row = BankEntry.objects.get(pk=stored_id)
        more = day is not None and (self._first[account] < day or bool(self._kinds[account] - {_kind(found)}))
        more = more or _is_told_again(found.statement.pk, row.statement_id)
        line = self._new(found)
        verdict = tell_count(line, self._stored(row), repeats_more=more)
        self.repeated.add(stored_id)
        start = line.start_minor if line.start_minor is not None else f"file{self.file_id}"
        return _told(verdict, suffix=f"{STARTING}{start}")

    def tell_apart(self, found: Found) -> Told:
        """Tell whether a line is one of those on file that this file does not repeat."""
        if found.day is None:
            return Told(Answer.NEW)
        line, lines = self._new(found), self._of_day(found.statement.account_id, found.day)
        others = {"", line.reference} if line.reference else lines.keys()  # two references are two lines
        verdict = tell_apart(line, [each for other in others for each in lines.get(other, ())])
        if verdict.line and verdict.uses_line_up:
            lines[verdict.line.reference].remove(verdict.line)
        return _told(verdict)

    def _note_day(self, account: int, day: date) -> None:
        self._first[account] = min(day, self._first.get(account, day))

    def _of_day(self, account: int, day: date) -> dict[str, list[DayLine]]:
        """Return the lines of a day that this file does not repeat, by the bank's reference."""
        if (account, day) not in self._lines:
            rows = BankEntry.objects.filter(account=account, booking_date=day).exclude(file=self.file_id)
            rows = rows.filter(correction=None)  # a difference, which no statement tells
            booked = rows.filter(status=EntryStatus.BOOKED)
            undecided = rows.filter(status=EntryStatus.CONTESTED, balance__work_state=WorkState.CONFLICT)
            found: dict[str, list[DayLine]] = defaultdict(list)
            self._lines[account, day] = found
            for row in (booked | undecided).defer("raw").order_by("pk"):
                if row.pk not in self.repeated:
                    line = self._stored(row)
                    found[line.reference].append(line)
        return self._lines[account, day]

    def _start(self, statement_id: int, day: date | None) -> int | None:
        if statement_id not in self._starts:
            self._starts[statement_id] = Statement.objects.values_list("days", flat=True).get(pk=statement_id)
        return self._starts[statement_id].get(day.isoformat()) if day else None

    def _stored(self, row: BankEntry) -> DayLine:
        return DayLine(
            key=row.pk,
            amount_minor=row.amount_minor,
            currency=row.currency,
            texts=_texts((row.payer_name, row.payer_iban), row.remittance, row.end_to_end_id, row.creditor_references),
            reference=_reference(row.bank_reference),
            start_minor=self._start(row.statement_id, row.booking_date),
        )

    def _new(self, found: Found) -> DayLine:
        event = found.event
        return DayLine(
            key=0,
            amount_minor=event.amount_cents,
            currency=event.currency,
            texts=_texts(
                ((event.counterparty_name or "")[:200], (event.counterparty_iban or "")[:40]),
                event.remittance,
                (event.end_to_end_id or "")[:60],
                event.creditor_references,
            ),
            reference=_reference(event.bank_reference or ""),
            start_minor=self._start(found.statement.pk, found.day),
        )


def other_sum(stored_id: int) -> Told:
    """Return that an entry stands under the identity of another sum on file."""
    return Told(Answer.CONTESTED, stored_id, Contest.OTHER_SUM)


def stored_like(entries: Iterable[Found]) -> dict[tuple[int, str], dict[str, Stored]]:
    """Return stored entries that share an anchor: ``(account, anchor) -> key -> row``."""
    by_account: dict[int, set[str]] = defaultdict(set)
    for found in entries:
        by_account[found.statement.account_id].add(found.anchor)
    stored: dict[tuple[int, str], dict[str, Stored]] = defaultdict(dict)
    for account_id, anchors in by_account.items():
        rows = BankEntry.objects.filter(account=account_id, anchor__in=anchors).order_by("pk")  # the first one first
        for row in rows.only("anchor", "identity", "file_id", "status", "statement_id"):
            stored[account_id, row.anchor][row.identity] = Stored(row.pk, row.file_id, row.status, row.statement_id)
    return stored


def _is_told_again(statement_id: int, stored_id: int) -> bool:
    """Tell whether two statements are one by its name and balances, though it does not add up."""
    told = Statement.objects.filter(pk__in=(statement_id, stored_id), opening_minor__isnull=False).exclude(ident="")
    return told.count() > 1 and told.values("ident", "opening_minor", "closing_minor").distinct().count() == 1


def _told(verdict: Verdict, *, suffix: str = "") -> Told:
    return Told(verdict.answer, verdict.line.key if verdict.line else 0, verdict.why or "", suffix)


def _texts(party: tuple[str, str], remittance: str, end_to_end_id: str, references: Iterable[str]) -> tuple[str, ...]:
    return plain((*party, remittance, end_to_end_id, next(iter(references), "")))


def _reference(text: str) -> str:
    return text[:60] if is_reference(text) else ""


def _kind(found: Found) -> int:
    event = found.event
    return hash((event.amount_cents, event.currency, event.counterparty_name, event.remittance, event.end_to_end_id))
