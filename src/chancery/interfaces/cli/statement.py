"""What a bank statement says, from the file alone; and taking one in."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chancery.domain.billing.readers import (
    FileOpened,
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
    read_statements,
    write_json,
)
from chancery.domain.billing.readers.csv_mapping import CsvMapping, MappingRefused, mapping_from_toml
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.states import EntryStatus
from chancery.foundation.money import Money, exponent
from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import answer, say
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

COUNTS = ("entries", "new", "known", "ignored", "conflicts", "booked", "suggested", "suspense", "outgoing")
TOLD = (EntryStatus.BOOKED, EntryStatus.PENDING, EntryStatus.INFO)  # what a bank says itself
BALANCED = {True: "adds up", False: "DOES NOT ADD UP", None: "cannot be checked"}


@dataclass(slots=True)
class Summary:
    """What one statement comes to, kept while its entries pass by."""

    head: StatementOpened
    closed: StatementClosed | None = None
    counts: dict[EntryStatus, int] = field(default_factory=lambda: dict.fromkeys(TOLD, 0))
    money_in: dict[str, int] = field(default_factory=dict)
    money_out: dict[str, int] = field(default_factory=dict)


def register(nouns: Nouns) -> None:
    """Add ``statement read FILE [--mapping] [--json]``, ``mapping NAME FILE`` and ``import FILE [--json]``."""
    parser = nouns.add_parser("statement", help="read or import a bank statement")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    reading = acts.add_parser("read", help="say what a statement file holds; nothing is stored")
    reading.add_argument("file", type=Path)
    reading.add_argument("--mapping", type=Path, metavar="FILE.toml", help="how a CSV is written")
    reading.add_argument("--json", action="store_true", help="answer with one JSON document, every entry in it")
    reading.set_defaults(run=read)
    saving = acts.add_parser("mapping", help="save how a bank writes its CSV; files with that header are known then")
    saving.add_argument("name")
    saving.add_argument("file", type=Path, metavar="FILE.toml")
    saving.set_defaults(run=save_mapping)
    importing = acts.add_parser("import", help="take a statement file in and book what is beyond doubt")
    importing.add_argument("file", type=Path)
    importing.add_argument("--json", action="store_true", help="answer with one JSON document")
    importing.set_defaults(run=import_file)


def read(arguments: argparse.Namespace) -> int:
    """Print every entry as JSON, or a summary for people.

    :raises Refused: with the file, the place and the reason; nothing has been printed then.
    """
    path: Path = arguments.file
    mappings = [_mapping(arguments.mapping)] if arguments.mapping else []
    try:
        if arguments.json:
            write_json(read_statements(path, mappings=mappings), sys.stdout)
        else:
            for line in list(_told(read_statements(path, mappings=mappings))):
                say(line)
    except StatementRefused as refused:
        raise Refused(refused.ruling, f"{path}: {refused.detail}") from refused
    except OSError as error:
        raise Refused(refusal("file_unreadable"), f"{path}: {error.strerror or error}") from error
    return 0


def save_mapping(arguments: argparse.Namespace) -> int:
    """Save a mapping under a name; a mapping of that name is replaced.

    :raises Refused: with the file and the key that is wrong.
    """
    mapping = _mapping(arguments.file)
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.audit.actors import SYSTEM
    from chancery.journey import settle

    saved = settle.save_mapping(name=arguments.name, mapping=mapping, actor=SYSTEM, now=clock.now())
    say(f"{saved.name}: saved; a CSV with these columns is read by it: {', '.join(mapping.columns)}")
    return 0


def _mapping(path: Path) -> CsvMapping:
    try:
        return mapping_from_toml(path.read_text(encoding="utf-8"))
    except MappingRefused as refused:
        raise Refused(refusal("mapping"), f"{path}: {refused}") from refused
    except (OSError, UnicodeError) as error:
        raise Refused(refusal("file_unreadable"), f"{path}: {error}") from error


def import_file(arguments: argparse.Namespace) -> int:
    """Take the file in and print what became of its entries.

    :raises Refused: with the file, the place and the reason; nothing of it was taken then.
    """
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.audit.actors import SYSTEM
    from chancery.journey import settle

    path: Path = arguments.file
    try:
        report = settle.import_statement(path, actor=SYSTEM, now=clock.now())
    except StatementRefused as refused:
        raise Refused(refused.ruling, f"{path}: {refused.detail}") from refused
    except settle.ImportRunning as running:
        raise Refused(running.ruling, f"{path}: another import is running; try again when it has ended") from running
    except OSError as error:
        raise Refused(refusal("file_unreadable"), f"{path}: {error.strerror or error}") from error
    counts = {key: getattr(report, key) for key in COUNTS}
    if arguments.json:
        answer(counts)
    else:
        say(", ".join(f"{count} {key}" for key, count in counts.items()))
    return 0


def _told(events: Iterator[StatementEvent]) -> Iterator[str]:
    summary: Summary | None = None
    for event in events:
        match event:
            case FileOpened():
                yield event.name
            case StatementOpened():
                summary = Summary(event)
            case StatementEntry() if summary:
                _add(summary, event)
            case StatementClosed() if summary:
                summary.closed = event
                yield from _lines(summary)


def _add(summary: Summary, entry: StatementEntry) -> None:
    summary.counts[entry.status] += 1
    if entry.status is EntryStatus.BOOKED:
        sums = summary.money_in if entry.is_credit else summary.money_out
        sums[entry.currency] = sums.get(entry.currency, 0) + entry.amount_cents


def _lines(summary: Summary) -> Iterator[str]:
    head, closed = summary.head, summary.closed
    if closed is None:
        return
    yield ""
    yield f"statement {head.number}: {head.statement_id or 'without id'}, account {head.account}"
    yield f"  entries    {', '.join(f'{count} {status}' for status, count in summary.counts.items())}"
    yield f"  opening    {_shown(closed.opening_cents, head.currency)}"
    for currency in sorted(summary.money_in.keys() | summary.money_out.keys()):
        yield f"  in         {_shown(summary.money_in.get(currency, 0), currency)}"
        yield f"  out        {_shown(summary.money_out.get(currency, 0), currency)}"
    yield f"  closing    {_shown(closed.closing_cents, head.currency)}"
    yield f"  balance    {BALANCED[closed.balanced]}"


def _shown(minor: int | None, currency: str | None) -> str:
    if minor is None or currency is None:
        return f"{'not told':>18}"
    return f"{Money(minor, currency).decimal:>18,.{exponent(currency)}f} {currency}"
