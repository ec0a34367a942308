"""Mutated statements taken in where bills are open: accepted or refused with a reason, and never a wrong booking.

``CHANCERY_FUZZ_IMPORTS`` says how many on an engine, a thousand by default; half of them in camt, a quarter in each
other. Each engine gets mutations of its own: two thousand where both are tested, as in CI.
"""

import os
import random
from collections import Counter
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests.factories.accounts import make_officer
from tests.factories.money import ACCOUNT, billed_place, transfer
from tests.factories.mt940 import message
from tests.factories.mutations import mutated
from tests.factories.programme import make_edition

from chancery.domain.billing.models import Allocation, EntryBalance, Invoice, InvoiceBalance, StatementFile
from chancery.domain.billing.readers import CsvMapping, StatementRefused, read_file
from chancery.domain.billing.states import FileState
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.interfaces.demo.camt import CamtStatement, camt_file
from chancery.journey import settle

pytestmark = pytest.mark.django_db
ALL = int(os.environ.get("CHANCERY_FUZZ_IMPORTS", "1000"))
EACH = 10
NOW = datetime(2024, 10, 30, 8, 0, tzinfo=UTC)
DAY = date(2024, 10, 21)
SHORT, NOBODY = 61_250, 4_711
BANK = CsvMapping(
    account=ACCOUNT, currency="EUR", booking_date="Day", amount="Sum", balance="Left", remittance=("Text",)
)


@pytest.fixture
def bills() -> list[Invoice]:
    """Three open bills: the statements pay the first two exactly, and the third by far too little."""
    edition = make_edition()
    return [billed_place(edition)[1] for _ in range(3)]


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


def camt(bills: list[Invoice]) -> bytes:
    exact = [transfer(bill.total_minor, bill.creditor_reference, number=place) for place, bill in enumerate(bills[:2])]
    others = [transfer(SHORT, bills[2].creditor_reference, number=7), transfer(NOBODY, text="thank you", number=8)]
    return camt_file(CamtStatement(ACCOUNT, [*exact, *others], opening_cents=100))


def mt940(bills: list[Invoice]) -> bytes:
    lines, closing = [], 10_000
    for place, (reference, cents) in enumerate(_told(bills)):
        closing += cents
        lines.append(f":61:2410211021C{_comma(cents)}NTRFNONREF//BANK-{place}")
        lines.append(f":86:166?00GUTSCHRIFT?20{reference}?32STADT BEISPIEL")
    return message(*lines, f":62F:C241021EUR{_comma(closing)}", account=ACCOUNT).encode()


def csv(bills: list[Invoice]) -> bytes:
    lines, left = ["Day;Sum;Text;Left"], 10_000
    for reference, cents in _told(bills):
        left += cents
        lines.append(f"21/10/2024;{_comma(cents)};{reference};{_comma(left)}")
    return "\r\n".join([*lines, ""]).encode()


def _told(bills: list[Invoice]) -> list[tuple[str, int]]:
    exact = [(bill.creditor_reference, bill.total_minor) for bill in bills[:2]]
    return [*exact, (bills[2].creditor_reference, SHORT), ("thank you", NOBODY)]


def _comma(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


@pytest.mark.parametrize(
    ("seed", "many"), [(camt, ALL // 2), (mt940, ALL // 4), (csv, ALL // 4)], ids=["camt", "mt940", "csv"]
)
def test_a_mutated_statement_books_only_what_the_bank_truly_sent(
    seed: Any, many: int, bills: list[Invoice], officer: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    settle.save_mapping(name="Bank", mapping=BANK, actor=officer, now=NOW)
    chance, ledger = random.Random(connection.vendor), seed(bills)  # noqa: S311 -- the same mutations each time
    true = Counter((bill.pk, bill.total_minor, "EUR") for bill in bills[:2])
    happened: Counter[str] = Counter()
    wrong: list[str] = []
    path = tmp_path / "statement"
    for number in range(many):
        content = mutated(ledger, chance)
        if number % EACH and not _can_be_read(content):
            happened["refused"] += 1
            continue
        path.write_bytes(content)
        with transaction.atomic():
            outcome, booked = _take_in(path, officer)
            happened[outcome] += 1
            happened["booked"] += sum(booked.values())
            wrong += [f"{seed.__name__} {number}: {row} was never sent" for row in booked - true]
            wrong += [f"{seed.__name__} {number}: {words}" for words in _disagreements(booked)]
            transaction.set_rollback(True)

    assert wrong == []
    assert set(happened) == {"accepted", "refused", "booked"}
    assert happened["accepted"] > many // 20
    assert happened["refused"] > many // 20
    assert happened["booked"] > many // 20


def _can_be_read(content: bytes) -> bool:
    """Tell what the reader says: what it refuses is imported only now and then, since that is slow."""
    try:
        return bool(read_file(BytesIO(content), mappings=[BANK]).name)
    except StatementRefused:
        return False


def _take_in(path: Path, officer: Actor) -> tuple[str, Counter[tuple[int, int, str]]]:
    try:
        settle.import_statement(path, actor=officer, now=NOW)
    except StatementRefused as no:
        is_clean = no.reason and no.place and StatementFile.objects.get().state == FileState.REFUSED
        return "refused" if is_clean else "refused without a reason", _booked()
    return "accepted", _booked()


def _booked() -> Counter[tuple[int, int, str]]:
    return Counter(Allocation.objects.values_list("invoice", "amount_minor", "entry__currency"))


def _disagreements(booked: Counter[tuple[int, int, str]]) -> list[str]:
    """What does not follow from the bookings: balances of bills and lines, and the places that are sure."""
    of_bill = {invoice: amount for invoice, amount, _ in booked}
    said = {row.invoice_id: row.allocated_minor for row in InvoiceBalance.objects.exclude(allocated_minor=0)}
    wrong = [] if said == of_bill else [f"the bills say {said}, the bookings {of_bill}"]
    used = sum(EntryBalance.objects.values_list("allocated_minor", flat=True))
    if used != sum(of_bill.values()):
        wrong.append(f"the lines say {used}, the bookings {of_bill}")
    sure = Place.objects.filter(state=PlaceState.GUARANTEED).count()
    return wrong if sure == len(of_bill) else [*wrong, f"{sure} places are sure by {of_bill}"]
