"""The lines of an account lead from the bank's first balance to its last one, or it says by how much they do not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.factories.entering import enter_known
from tests.factories.money import ACCOUNT, billed_place, transfer
from tests.factories.programme import make_edition

from chancery.domain.billing.queries.balances import AccountGap, account_gaps
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.journey import settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 30, 8, 0, tzinfo=UTC)
DAY, NEXT = date(2024, 10, 17), date(2024, 10, 18)
GIFT = replace(transfer(10_000, text="gift"), bank_reference="")
LATER = replace(GIFT, booking_date=NEXT)


@pytest.fixture
def takes(tmp_path: Path, settings: Any) -> Any:
    """Return what takes a statement in."""
    settings.FILES_ROOT, settings.SECOND_FACTOR_REQUIRED = tmp_path / "files", False
    billed_place(make_edition())

    def take(opening: int, *entries: CamtEntry, **facts: Any) -> None:
        path = tmp_path / "statement"
        path.write_bytes(camt_file(CamtStatement(ACCOUNT, entries, opening_cents=opening, **facts)))
        settle.import_statement(path, actor=SYSTEM, now=NOW)

    return take


def gap() -> AccountGap | None:
    return next(iter(account_gaps().values()), None)


def test_lines_that_lead_from_balance_to_balance_leave_no_gap(takes: Any) -> None:
    takes(7, GIFT)
    takes(10_007, LATER, statement_id="2")
    takes(7, GIFT, LATER, statement_id="both")

    assert gap() is None


def test_a_statement_that_is_missing_is_a_gap(takes: Any) -> None:
    takes(0, GIFT)
    takes(15_000, LATER, statement_id="3")

    assert gap() == AccountGap(gap().account_id, DAY, NEXT, 5_000)  # type: ignore[union-attr]  # there is one


def test_a_line_that_waits_to_be_decided_is_a_gap_and_the_bank_page_says_so(takes: Any) -> None:
    takes(0, GIFT)
    takes(10_000, GIFT, statement_id="afternoon")
    client, _ = enter_known(Role.FINANCE)

    page = client.get(reverse("list-statements")).content.decode()

    assert "move by EUR\N{NO-BREAK SPACE}100.00 more than the lines that count" in page


def test_pieces_of_a_day_in_any_order_leave_no_gap(takes: Any) -> None:
    takes(10_000, replace(GIFT, amount_cents=5_000), statement_id="afternoon")
    takes(0, GIFT, statement_id="morning")

    assert gap() is None


def test_a_statement_that_does_not_add_up_tells_no_gap(takes: Any) -> None:
    takes(0, GIFT, closing_cents=77)

    assert gap() is None
