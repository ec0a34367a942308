"""A bank statement taken in, matched, booked, audited and told by mail; and the same file again."""

import time
from collections.abc import Callable
from pathlib import Path

from bench.statements import Bill, write_statement
from bench.table import Row

AGAIN = 0.2  # of the first time
SIZES = ((10_000, 3.0), (100_000, 35.0))


def measure(var: Path, *, large: bool) -> list[Row]:
    """Take in a file that pays every open bill; the limit is reading it only."""
    return [row for lines, target in SIZES[: 2 if large else 1] for row in _of(var, lines, target)]


def _of(var: Path, lines: int, target: float) -> list[Row]:
    _load()
    path = write_statement(var / f"statement-{lines}.xml", lines=lines, bills=_open_bills())
    parsed = _seconds(lambda: _parse(path))
    first = _seconds(lambda: _import(path))
    again = _seconds(lambda: _import(path))
    words = f"statement of {lines:,} lines"
    read = f"{parsed:.2f} s reading only"
    return [
        Row(
            f"statement of {lines:,} lines",
            f"{first:.1f} s",
            read,
            first / parsed,
            f"<= {target:.0f} s",
            first <= target,
        ),
        Row(
            f"{words} again",
            f"{again:.2f} s",
            f"{first:.1f} s the first time",
            again / first,
            f"<= {AGAIN} of it",
            again <= AGAIN * first,
        ),
    ]


def _load() -> None:
    """Load what every running instance has loaded; the modules and addresses are no part of the import."""
    from importlib import import_module

    from django.urls import reverse

    import_module("chancery.journey.settle")
    reverse("front-door")


def _open_bills() -> list[Bill]:
    from django.db.models import F

    from chancery.domain.billing.models import Invoice

    unpaid = Invoice.objects.filter(balance__allocated_minor__lt=F("total_minor"), total_minor__gt=0)
    return [Bill(*row) for row in unpaid.values_list("creditor_reference", "total_minor")]


def _parse(path: Path) -> None:
    from chancery.domain.billing.readers import read_statements

    for _ in read_statements(path):
        pass


def _import(path: Path) -> None:
    from chancery.foundation import clock
    from chancery.foundation.audit.actors import SYSTEM
    from chancery.journey.settle import import_statement

    import_statement(path, actor=SYSTEM, now=clock.now())


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
