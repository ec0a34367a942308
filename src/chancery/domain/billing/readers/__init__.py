"""Reads bank statements: any format of the registry into the same facts, as a stream or whole."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from chancery.domain.billing.readers.content import (
    FileOpened,
    Statement,
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementFileContent,
    StatementOpened,
)
from chancery.domain.billing.readers.csv_mapping import CsvMapping
from chancery.domain.billing.readers.document import as_json, write_json
from chancery.domain.billing.readers.formats import read_format
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.readers.sources import opened

__all__ = [
    "CsvMapping",
    "FileOpened",
    "Statement",
    "StatementClosed",
    "StatementEntry",
    "StatementEvent",
    "StatementFileContent",
    "StatementOpened",
    "StatementRefused",
    "as_json",
    "read_file",
    "read_statements",
    "write_json",
]


YEARS = range(1990, 2100)


def read_statements(source: str | Path | BinaryIO, *, mappings: Sequence[CsvMapping] = ()) -> Iterator[StatementEvent]:
    """Read a file as a stream: FileOpened, then for each statement StatementOpened, its entries, StatementClosed.

    ``mappings`` say how CSV files are read; without a fitting one a CSV is refused. A later part may still be refused
    after earlier events were given: use nothing before the stream has ended.

    :raises StatementRefused: when the file cannot be trusted.
    :raises OSError: when the path cannot be read.
    """
    with opened(source) as stream:
        for event in read_format(stream, mappings):
            if isinstance(event, StatementEntry):
                _check_days(event)
            yield event


def read_file(source: str | Path | BinaryIO, *, mappings: Sequence[CsvMapping] = ()) -> StatementFileContent:
    """Read a whole file into memory.

    :raises StatementRefused: when the file cannot be trusted.
    """
    name = ""
    statements: list[Statement] = []
    head: StatementOpened | None = None
    entries: list[StatementEntry] = []
    for event in read_statements(source, mappings=mappings):
        match event:
            case FileOpened():
                name = event.name
            case StatementOpened():
                head, entries = event, []
            case StatementEntry():
                entries.append(event)
            case StatementClosed() if head is not None:
                statements.append(Statement(head, event, tuple(entries)))
    return StatementFileContent(name, tuple(statements))


def _check_days(entry: StatementEntry) -> None:
    """Refuse days at the edges of the calendar: no page could count from them, and no kind of file ends after them."""
    for day in (entry.booking_date, entry.value_date):
        if day is not None and day.year not in YEARS:
            place = f"line {entry.line}" if entry.line else ""
            raise StatementRefused("date", f"{day} is no day on which a bank books", place)
