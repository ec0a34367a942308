"""Any legal shuffle, split, overlap or repetition of statement files comes to the same money, and to the cent.

``CHANCERY_EXAMPLES`` says how many ledgers are tried; a few by default.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import make_officer
from tests.factories.money import ACCOUNT, billed_place
from tests.factories.programme import make_edition

from chancery.domain.billing.models import (
    Allocation,
    BankEntry,
    EntryBalance,
    EntryConflict,
    Invoice,
    InvoiceBalance,
    Statement,
)
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.journey import settle

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("CHANCERY_EXAMPLES", "12"))
NOW = datetime(2024, 10, 30, 8, 0, tzinfo=UTC)
FIRST, OPENING, BILLS = date(2024, 10, 14), 1_234_56, 3
FEE, REVERSAL = "fee", "taken back"
_files = count(1)


@dataclass(frozen=True)
class Payment:
    """What the bank truly books once; ``bill`` None for money of nobody. ``kind``: exact, short, over, fee, taken back.

    ``known``: the bank gives a reference of its own; else only the place among its like tells it apart.
    """

    bill: int | None
    kind: str
    known: bool


@dataclass(frozen=True)
class Part:
    """One file: the days that it covers, whether each is a statement of its own or of two pages, the order in a day.

    ``again``: days that the same file tells once more after that.
    """

    first: int
    last: int
    again: tuple[int, int] | None
    by_day: bool
    pages: bool
    order: int


PAYMENTS = st.builds(
    Payment,
    bill=st.one_of(st.none(), st.integers(0, BILLS - 1)),
    kind=st.sampled_from(["exact", "exact", "short", "over", FEE, REVERSAL]),
    known=st.booleans(),
)
LEDGERS = st.lists(st.lists(PAYMENTS, max_size=4), min_size=1, max_size=5)


@st.composite
def ways(draw: st.DrawFn) -> tuple[list[list[Payment]], list[Part], int]:
    """Return a ledger by day, files that cover each day at least once, and how many of them come twice."""
    ledger = draw(LEDGERS)
    last = len(ledger) - 1
    ranges = [(day, day) for day in range(len(ledger))]
    if draw(st.booleans()):
        cut = draw(st.integers(0, last))
        ranges = [(0, cut), *([(cut + 1, last)] if cut < last else [])]
    pairs = st.tuples(st.integers(0, last), st.integers(0, last))
    spans = pairs.map(lambda pair: (min(pair), max(pair)))
    ranges += draw(st.lists(spans, max_size=3))
    how = {"pages": st.booleans(), "by_day": st.booleans(), "again": st.none() | spans, "order": st.integers(0, 99)}
    files = [Part(*each, **draw(st.fixed_dictionaries(how))) for each in ranges]
    return ledger, draw(st.permutations(files)), draw(st.integers(0, len(files)))


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> tuple[list[Invoice], Actor, Path]:
    settings.FILES_ROOT = tmp_path / "files"
    edition = make_edition()
    return [billed_place(edition)[1] for _ in range(BILLS)], user_actor(make_officer(Role.FINANCE).pk), tmp_path


@given(way=ways())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_way_of_telling_the_same_ledger_comes_to_the_same(
    world: tuple[list[Invoice], Actor, Path], way: tuple[list[list[Payment]], list[Part], int]
) -> None:
    (bills, actor, folder), (ledger, parts, twice) = world, way
    days = [
        [_entry(payment, bills, day, place) for place, payment in enumerate(told)] for day, told in enumerate(ledger)
    ]
    files = [_written(folder, days, part) for part in parts]
    with transaction.atomic():
        for path in [*files, *files[:twice]]:
            settle.import_statement(path, actor=actor, now=NOW)
        assert _disagreements(days, bills) == []

        before = _everything()
        for path in reversed([*files, *(_written(folder, days, part, order=7) for part in parts)]):
            taken = settle.import_statement(path, actor=actor, now=NOW)
            assert (taken.new, taken.conflicts) == (0, 0)
        assert _everything() == before
        transaction.set_rollback(True)


def _entry(payment: Payment, bills: Sequence[Invoice], day: int, place: int) -> CamtEntry:
    bill = bills[payment.bill] if payment.bill is not None else None
    total = bill.total_minor if bill else 4_711
    amount = {"exact": total, "short": total - 1_000, "over": total + 1, FEE: -500, REVERSAL: -total}[payment.kind]
    return CamtEntry(
        amount,
        FIRST + timedelta(days=day),
        reversal=payment.kind == REVERSAL,
        reference=bill.creditor_reference if bill and payment.kind != FEE else "",
        payer_name="" if payment.kind == FEE else "ACCRA METROPOLITAN ASSEMBLY",
        payer_iban="" if payment.kind == FEE else "GB33BUKB20201555555555",
        bank_reference=f"BANK{day}X{place}" if payment.known else "",
    )


def _written(folder: Path, days: list[list[CamtEntry]], part: Part, *, order: int | None = None) -> Path:
    """Return a file of some days, as a bank would write it: each statement opens where the one before closed."""
    chance = random.Random(part.order if order is None else order)  # noqa: S311 -- an order, no secret
    name = next(_files)
    statements = _statements(days, (part.first, part.last), part, chance, f"S{name}")
    if part.again:
        more = _statements(days, part.again, part, chance, f"AGAIN{name}")
        if statements[-1].opening_cents + statements[-1].booked_cents != more[0].opening_cents:
            statements += more  # where it would seem to go on, nobody could tell the days from new ones
    path = folder / f"file-{name}.xml"
    path.write_bytes(camt_file(*statements))
    return path


def _statements(
    days: list[list[CamtEntry]], span: tuple[int, int], part: Part, chance: random.Random, name: str
) -> list[CamtStatement]:
    first, last = span
    told = [chance.sample(day, len(day)) for day in days[first : last + 1]]
    pieces = told if part.by_day else [[entry for day in told for entry in day]]
    if part.pages:
        pieces = [half for piece in pieces for half in (piece[: len(piece) // 2], piece[len(piece) // 2 :])]
    opening, statements = OPENING + sum(entry.amount_cents for day in days[:first] for entry in day), []
    for number, piece in enumerate(pieces):
        statements.append(CamtStatement(ACCOUNT, piece, opening_cents=opening, statement_id=f"{name}-{number}"))
        opening += sum(entry.amount_cents for entry in piece)
    return statements


def _disagreements(days: list[list[CamtEntry]], bills: Sequence[Invoice]) -> list[str]:
    return [*_wrong_entries(days), *_wrong_bills(days, bills), *_wrong_balances(days)]


def _wrong_entries(days: list[list[CamtEntry]]) -> Iterator[str]:
    sent = Counter((entry.booking_date, entry.amount_cents) for day in days for entry in day)
    stored = Counter(BankEntry.objects.values_list("booking_date", "amount_minor"))
    if stored != sent or EntryConflict.objects.exists():
        yield f"the bank sent {sent - stored} that is not stored, and {stored - sent} is stored besides"
    for row in EntryBalance.objects.select_related("entry"):
        booked = row.entry.allocations.aggregate(sum=Sum("amount_minor"))["sum"] or 0
        low, high = sorted((0, row.amount_minor))
        if booked != row.allocated_minor or not low <= booked <= high or row.amount_minor != row.entry.amount_minor:
            yield f"entry {row.entry_id}: {booked} booked of {row.amount_minor}, its balance says {row.allocated_minor}"


def _wrong_bills(days: list[list[CamtEntry]], bills: Sequence[Invoice]) -> Iterator[str]:
    reversed_too = {entry.reference for day in days for entry in day if entry.reversal}
    exact = {(entry.reference, entry.amount_cents) for day in days for entry in day if entry.amount_cents > 0}
    for bill in bills:
        row = InvoiceBalance.objects.get(invoice=bill)
        received = bill.allocations.aggregate(sum=Sum("amount_minor"))["sum"] or 0
        if received != row.allocated_minor or received not in (0, bill.total_minor):
            yield f"{bill}: {received} received, its balance says {row.allocated_minor}"
        paid = (bill.creditor_reference, bill.total_minor) in exact
        if bill.creditor_reference not in reversed_too and (received > 0) != paid:
            yield f"{bill}: paid exactly: {paid}, received {received}"


def _wrong_balances(days: list[list[CamtEntry]]) -> Iterator[str]:
    """Opening and stored lines come to what the bank closed with, in every statement and in all."""
    if Statement.objects.exclude(balanced=True).exists():
        yield "a statement does not add up"
    closing = OPENING + sum(entry.amount_cents for day in days for entry in day)
    stored = BankEntry.objects.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    last = max((row.closing_minor for row in Statement.objects.filter(closing_minor=closing)), default=None)
    if OPENING + stored != closing or last is None:
        yield f"opening and lines come to {OPENING + stored}, the bank closes with {closing}"


def _everything() -> list[list[tuple[Any, ...]]]:
    """Return all that money and people could notice."""
    return [
        list(BankEntry.objects.order_by("pk").values_list("pk", "identity", "amount_minor", "status")),
        list(EntryBalance.objects.order_by("pk").values_list("entry", "allocated_minor", "work_state", "reasons")),
        list(Allocation.objects.order_by("pk").values_list("entry", "invoice", "amount_minor")),
        list(InvoiceBalance.objects.order_by("pk").values_list("invoice", "allocated_minor")),
        list(OutgoingMail.objects.order_by("pk").values_list("kind", "dedupe_key")),
    ]
