"""Read a bank's CSV by its mapping: one row one booked entry, the running balance checked where there is one."""

import codecs
import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chancery.domain.billing.readers.content import (
    FileOpened,
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
)
from chancery.domain.billing.readers.csv_mapping import FORMAT, CsvMapping
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.readers.sources import Source
from chancery.domain.billing.states import EntryStatus

BYTE_ORDER_MARK = "\ufeff"
NULL = "\x00"  # no database keeps it in a text


@dataclass(slots=True)
class _Signs:
    """The sign of each sum, by the columns of the mapping; what may be read either way is refused."""

    mapping: CsvMapping
    went_negative: bool | None = None  # how this file writes what went out in a column of its own

    def signed(self, fields: Mapping[str, str], number: int) -> int:
        """Return the sum of a row, negative where money went out.

        :raises StatementRefused: ``amount`` or ``direction``.
        """
        if self.mapping.credit and self.mapping.debit:
            return self._of_two_columns(fields, number)
        amount = _amount(fields[self.mapping.amount], self.mapping, number)
        return self._directed(amount, fields, number) if self.mapping.direction else amount

    def _of_two_columns(self, fields: Mapping[str, str], number: int) -> int:
        came, went = fields[self.mapping.credit].strip(), fields[self.mapping.debit].strip()
        if bool(came) == bool(went):
            raise StatementRefused("amount", "one of credit and debit has to hold a sum", f"line {number}")
        if came:
            return _amount(came, self.mapping, number)  # a negative one takes back what came in
        amount = _amount(went, self.mapping, number)
        if amount and self.went_negative is None:
            self.went_negative = amount < 0
        if amount and self.went_negative is not (amount < 0):
            reason = f"{self.mapping.debit!r} holds sums of both signs: which of them came back cannot be told"
            raise StatementRefused("amount", reason, f"line {number}")
        return -abs(amount)

    def _directed(self, amount: int, fields: Mapping[str, str], number: int) -> int:
        word = fields[self.mapping.direction].strip()
        if word.casefold() == self.mapping.debit_word.casefold():
            return -abs(amount)
        if word.casefold() != self.mapping.credit_word.casefold():
            words = f"neither the debit_word {self.mapping.debit_word!r} nor the credit_word"
            reason = f"{self.mapping.direction!r} says {word!r}: {words} {self.mapping.credit_word!r}"
            raise StatementRefused("direction", reason, f"line {number}")
        if amount < 0:
            raise StatementRefused("amount", f"a negative sum that is {word!r} may be either", f"line {number}")
        return amount


@dataclass(slots=True)
class _Balance:
    """The running balance of a file whose order is told by its first two rows."""

    first: tuple[int, int] | None = None  # amount and balance of the first row
    before: tuple[int, int] | None = None
    ascends: bool | None = None
    adds_up: bool = True

    def see(self, amount: int, balance: int) -> None:
        if self.before is None:
            self.first = (amount, balance)
        else:
            upward, downward = balance == self.before[1] + amount, self.before[1] == balance + self.before[0]
            if self.ascends is None:
                self.ascends = upward or not downward
            self.adds_up = self.adds_up and (upward if self.ascends else downward)
        self.before = (amount, balance)

    def closed(self) -> tuple[int | None, int | None, bool | None]:
        if self.first is None or self.before is None:
            return None, None, None
        oldest, newest = (self.first, self.before) if self.ascends is not False else (self.before, self.first)
        return oldest[1] - oldest[0], newest[1], self.adds_up


def recognises_csv(head: bytes, mapping: CsvMapping) -> bool:
    """Tell whether the header of a file holds every column that a mapping names."""
    text = head.decode(mapping.encoding, errors="ignore").removeprefix(BYTE_ORDER_MARK)
    lines = text.splitlines()[mapping.rows_before :]
    header = next(csv.reader(lines[:1], delimiter=mapping.delimiter, quotechar=mapping.quote), [])
    return set(mapping.columns) <= {name.strip() for name in header}


def read_csv(source: Source, mapping: CsvMapping) -> Iterator[StatementEvent]:
    """Read a CSV statement as a stream.

    :raises StatementRefused: with the line: ``encoding``, ``column``, ``row``, ``amount``, ``direction``, ``date`` or
        ``empty``.
    """
    rows = csv.reader(_lines(source, mapping.encoding), delimiter=mapping.delimiter, quotechar=mapping.quote)
    header = _header(rows, mapping)
    yield FileOpened(FORMAT)
    yield StatementOpened(1, mapping.account, mapping.currency, None, None)
    signs, balance, count = _Signs(mapping), _Balance(), 0
    for number, row in _told(rows):
        if not any(field.strip() for field in row):
            continue
        if any(NULL in field for field in row):
            raise StatementRefused("row", "the row holds a null character", f"line {number}")
        fields = _fields(row, header, number)
        entry = _entry(fields, mapping, number, signs.signed(fields, number), mapping.delimiter.join(row))
        if mapping.balance:
            balance.see(entry.amount_cents, _amount(fields[mapping.balance], mapping, number))
        count += 1
        yield entry
    if not count:
        raise StatementRefused("empty", "no row follows the header", "line 2")
    yield StatementClosed(1, *balance.closed())


def _lines(source: Source, encoding: str) -> Iterator[str]:
    decoder, done, rest = codecs.getincrementaldecoder(encoding)(errors="strict"), 0, ""
    started = False
    try:
        while piece := source.read():
            done += len(piece)
            text = decoder.decode(piece)
            rest += text if started else text.removeprefix(BYTE_ORDER_MARK)
            started = started or bool(text)
            *whole, rest = rest.splitlines(keepends=True) or [""]
            yield from whole
        rest += decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise StatementRefused("encoding", f"the bytes are not {encoding}: {error}", f"within {done} bytes") from error
    yield from rest.splitlines(keepends=True)


def _told(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Return each row with its line.

    :raises StatementRefused: when the rows cannot be told apart.
    """
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise StatementRefused("row", f"this row cannot be read: {error}", f"after line {number}") from error
        number = rows.line_num  # type: ignore[attr-defined]  # the reader of csv has it
        yield number, row


def _header(rows: Iterator[list[str]], mapping: CsvMapping) -> dict[str, int]:
    told = _told(rows)
    for _ in range(mapping.rows_before):
        next(told, None)
    number, names = next(told, (1, []))
    header = {name.strip(): position for position, name in reversed(list(enumerate(names)))}
    for column in mapping.columns:
        if column not in header:
            raise StatementRefused(
                "column", f"there is no column {column!r}; is it another bank's file?", f"line {number}"
            )
    return header


def _fields(row: Sequence[str], header: dict[str, int], number: int) -> dict[str, str]:
    named = max(header.values()) + 1  # more than there are names, where two columns share one
    if len(row) < named:
        raise StatementRefused("row", f"{len(row)} fields where the header has {named}", f"line {number}")
    return {name: row[position] for name, position in header.items()}


def _entry(fields: dict[str, str], mapping: CsvMapping, number: int, amount: int, raw: str) -> StatementEntry:
    def text(column: str) -> str:
        return " ".join(fields[column].split()) if column else ""

    return StatementEntry(
        amount_cents=amount,
        currency=mapping.currency,
        status=EntryStatus.BOOKED,
        reversal=False,
        booking_date=_day(fields[mapping.booking_date], mapping, number),
        value_date=_day(fields[mapping.value_date or mapping.booking_date], mapping, number),
        counterparty_name=text(mapping.payer_name) or None,
        counterparty_iban="".join(text(mapping.payer_iban).split()).upper() or None,
        creditor_references=(),
        remittance=" ".join(filter(None, (text(column) for column in mapping.remittance))),
        end_to_end_id=text(mapping.end_to_end_id) or None,
        bank_reference=text(mapping.bank_reference) or None,
        entry_reference=None,
        charges_cents=0,
        detail_index=1,
        line=number,
        raw=raw,
    )


def _amount(text: str, mapping: CsvMapping, number: int) -> int:
    try:
        return mapping.minor(text)
    except ValueError as error:
        raise StatementRefused("amount", str(error), f"line {number}") from error


def _day(text: str, mapping: CsvMapping, number: int) -> date | None:
    try:
        return mapping.day(text)
    except ValueError as error:
        remedy = f"{text!r} is no day written as {mapping.date_format}"
        raise StatementRefused("date", remedy, f"line {number}") from error
