"""Run an edition through the real code in a scratch database, and prove that the counts add up."""

import argparse
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from chancery.interfaces.cli.console import Progress, answer, say, tell
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

if TYPE_CHECKING:
    from chancery.interfaces.demo.rehearsal import Report


def register(nouns: Nouns) -> None:
    """Add ``rehearse [--people] [--seed] [--kills] [--keep] [--json]``."""
    parser = nouns.add_parser("rehearse", help="run an edition through the real code in a scratch database")
    parser.add_argument("--people", type=int, default=40, help="how many apply (40)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed brings the same people and counts (1)")
    parser.add_argument(
        "--kills", type=int, default=0, metavar="N", help="kill imports and refunds at N random moments as well (0)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write every invoice as PDF and XML into DIR")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.set_defaults(run=rehearse)


def rehearse(arguments: argparse.Namespace) -> int:
    """Rehearse, print what was done and what does not add up; 1 where something does not."""
    if arguments.people < 1 or arguments.kills < 0:
        tell("chancery: --people is 1 or more, --kills 0 or more.")
        return 2
    with _scratch():
        django_ready("rehearsal")
        from chancery.interfaces.cli import preparing
        from chancery.interfaces.cli.children import fork
        from chancery.interfaces.demo.rehearsal import SCENES, rehearse
        from chancery.interfaces.worker.sweeps import sweep_everything

        preparing.migrate()
        progress = Progress("Rehearsing", len(SCENES))
        report = rehearse(
            people=arguments.people,
            seed=arguments.seed,
            sweep=sweep_everything,
            tell=progress.step,
            kills=arguments.kills,
            fork=fork,
        )
        progress.end()
        kept = _keep(arguments.keep) if arguments.keep else []
    if arguments.json:
        answer(_as_json(report, kept))
    else:
        _print(report, kept)
    return 1 if report.broken else 0


@contextmanager
def _scratch() -> Iterator[None]:
    """Name a folder and a database of its own, before the settings are read; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="chancery-rehearsal-", ignore_cleanup_errors=True) as folder:
        url = os.environ.get("CHANCERY_DATABASE_URL", "")
        schema = f"rehearsal_{secrets.token_hex(6)}"
        on_server = url.startswith(("postgres://", "postgresql://"))
        os.environ["CHANCERY_VAR"] = folder
        os.environ["CHANCERY_MAIL_URL"] = "file://"
        os.environ["CHANCERY_DATABASE_URL"] = (
            _with_schema(url, schema) if on_server else f"sqlite:///{folder}/rehearsal.sqlite3"
        )
        if on_server:
            _as_owner(url, f"CREATE SCHEMA {schema}")
        try:
            yield
        finally:
            from chancery.interfaces.cli.children import disconnect  # late: it loads Django

            disconnect()
            if on_server:
                _as_owner(url, f"DROP SCHEMA {schema} CASCADE")


def _with_schema(url: str, schema: str) -> str:
    """Return the address of a schema: nothing outside it can be seen, so nothing outside it can be changed."""
    return f"{url}{'&' if '?' in url else '?'}options={quote(f'-c search_path={schema}')}"


def _as_owner(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _keep(folder: Path) -> list[str]:
    """Write every invoice and credit note as PDF and as data; return the names of the files."""
    from chancery.domain.billing.documents.electronic_invoice import Syntax
    from chancery.domain.billing.documents.paper import bill_as_xml
    from chancery.domain.billing.models import Invoice
    from chancery.domain.billing.queries.electronic import is_electronic
    from chancery.foundation import clock
    from chancery.journey.bill import invoice_pdf

    folder.mkdir(parents=True, exist_ok=True)
    names: list[str] = []
    for invoice in Invoice.objects.select_related("document", "party", "edition", "corrects").order_by("id"):
        name = invoice.number.replace("/", "-")
        files = {f"{name}.pdf": invoice_pdf(invoice=invoice, now=clock.now())}
        if is_electronic(invoice):
            files |= {f"{name}-{syntax}.xml": bill_as_xml(invoice, syntax) for syntax in Syntax}
        for file, content in files.items():
            (folder / file).write_bytes(content)
        names += files
    return names


def _as_json(report: "Report", kept: list[str]) -> dict[str, object]:
    return {
        "people": report.people,
        "seed": report.seed,
        "adds_up": not report.broken,
        "counts": report.counts,
        "checks": [asdict(check) for check in report.checks],
        "steps": [{"title": step.title, "seconds": round(step.seconds, 3)} for step in report.steps],
        "kept": kept,
    }


def _print(report: "Report", kept: list[str]) -> None:
    say(f"Rehearsal with {report.people} people, seed {report.seed}")
    for step in report.steps:
        say(f"  {step.seconds:7.2f} s  {step.title}")
    for heading, counts in report.counts.items():
        say(f"{heading}")
        for name, count in counts.items():
            say(f"  {count:>9,}  {name}")
    say("What has to be the same")
    for check in report.checks:
        say(f"  {'ok ' if check.holds else 'NOT'}  {check.name}: {check.detail}")
    if kept:
        say(f"{len(kept)} files of invoices were written")
    say(f"{len(report.broken)} of {len(report.checks)} do not add up" if report.broken else "Everything adds up.")
