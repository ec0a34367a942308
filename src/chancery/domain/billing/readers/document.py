"""Statements as the JSON document of the command line contract (``statement read FILE --json``)."""

import json
import tempfile
from collections.abc import Iterable
from shutil import copyfileobj
from typing import IO, Any

from chancery.domain.billing.readers.content import (
    FileOpened,
    Statement,
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementFileContent,
    StatementOpened,
)

IN_MEMORY = 4 * 1024 * 1024


def as_json(content: StatementFileContent) -> dict[str, Any]:
    """Return a file as the document of the contract."""
    return {"format": content.name, "statements": [_statement(statement) for statement in content.statements]}


def write_json(events: Iterable[StatementEvent], out: IO[str]) -> None:
    """Write the same document as a stream, in flat memory; nothing is written unless the whole file is read.

    :raises StatementRefused: as the reader does, before the first sign is written.
    """
    with _spool() as whole, _spool() as entries:
        head: StatementOpened | None = None
        for event in events:
            match event:
                case FileOpened():
                    whole.write(f'{{"format": {json.dumps(event.name)}, "statements": [')
                case StatementOpened():
                    head = event
                case StatementEntry():
                    entries.write(", " if entries.tell() else "")
                    entries.write(json.dumps(_entry(event), ensure_ascii=False))
                case StatementClosed() if head is not None:
                    whole.write(", " if event.number > 1 else "")
                    whole.write(json.dumps(_head(head, event), ensure_ascii=False)[:-1] + ', "entries": [')
                    _move(entries, whole)
                    whole.write("]}")
        whole.write("]}\n")
        _move(whole, out)


def _statement(statement: Statement) -> dict[str, Any]:
    entries = [_entry(entry) for entry in statement.entries]
    return _head(statement.opened, statement.closed) | {"entries": entries}


def _head(opened: StatementOpened, closed: StatementClosed) -> dict[str, Any]:
    return {
        "account": opened.account,
        "currency": opened.currency,
        "opening_cents": closed.opening_cents,
        "closing_cents": closed.closing_cents,
        "balanced": closed.balanced,
    }


def _entry(entry: StatementEntry) -> dict[str, Any]:
    return {
        "amount_cents": entry.amount_cents,
        "currency": entry.currency,
        "status": str(entry.status),
        "reversal": entry.reversal,
        "booking_date": entry.booking_date.isoformat() if entry.booking_date else None,
        "value_date": entry.value_date.isoformat() if entry.value_date else None,
        "payer_name": entry.payer_name,
        "payer_iban": entry.payer_iban,
        "creditor_reference": entry.creditor_reference,
        "remittance": entry.remittance,
        "end_to_end_id": entry.end_to_end_id,
        "bank_reference": entry.bank_reference,
        "charges_cents": entry.charges_cents,
    }


def _spool() -> tempfile.SpooledTemporaryFile[str]:
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+", encoding="utf-8", newline="\n")


def _move(source: tempfile.SpooledTemporaryFile[str], target: IO[str]) -> None:
    source.seek(0)
    copyfileobj(source, target)
    source.seek(0)
    source.truncate()
