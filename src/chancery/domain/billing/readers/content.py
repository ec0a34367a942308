"""What a statement says, in facts of ours: the same whichever format the bank speaks.

Money is in signed minor units: a credit is positive, a debit negative.
"""

from dataclasses import dataclass
from datetime import date

from chancery.domain.billing.states import EntryStatus


@dataclass(frozen=True, slots=True)
class FileOpened:
    """The format is known; statements follow. ``name`` is such as ``camt.053.001.08``."""

    name: str


@dataclass(frozen=True, slots=True)
class StatementOpened:
    """A statement begins: whose account it is and what a reader of its entries must know to tell them apart."""

    number: int  # its place in the file, from 1
    account: str
    currency: str | None
    statement_id: str | None
    created_on: date | None
    opening_cents: int | None = None  # as far as told before the entries


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One transaction: an entry, or one detail of a batch entry (three payments booked in one sum are three)."""

    amount_cents: int
    currency: str
    status: EntryStatus
    reversal: bool
    booking_date: date | None
    value_date: date | None
    counterparty_name: str | None
    counterparty_iban: str | None
    creditor_references: tuple[str, ...]
    remittance: str
    end_to_end_id: str | None
    bank_reference: str | None
    entry_reference: str | None  # NtryRef: restarts in every statement
    charges_cents: int
    detail_index: int  # from 1, within the entry
    line: int | None
    raw: str
    doubtful: bool = False  # the bank's own figures for this entry do not add up: a person looks

    @property
    def is_credit(self) -> bool:
        """Whether money came in."""
        return self.amount_cents >= 0

    @property
    def payer_name(self) -> str | None:
        """The other party of a credit."""
        return self.counterparty_name if self.is_credit else None

    @property
    def payer_iban(self) -> str | None:
        """The account the money of a credit came from."""
        return self.counterparty_iban if self.is_credit else None

    @property
    def creditor_reference(self) -> str | None:
        """The first structured reference."""
        return self.creditor_references[0] if self.creditor_references else None


@dataclass(frozen=True, slots=True)
class StatementClosed:
    """A statement ends: its balances, and whether opening + booked entries = closing (null: cannot be told)."""

    number: int
    opening_cents: int | None
    closing_cents: int | None
    balanced: bool | None


type StatementEvent = FileOpened | StatementOpened | StatementEntry | StatementClosed


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole statement in memory; for small files and tests."""

    opened: StatementOpened
    closed: StatementClosed
    entries: tuple[StatementEntry, ...]


@dataclass(frozen=True, slots=True)
class StatementFileContent:
    """A whole file in memory; for small files and tests."""

    name: str
    statements: tuple[Statement, ...]
