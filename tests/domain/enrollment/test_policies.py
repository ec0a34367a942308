"""The rules of seats, guarantees and refund deadlines (promises B1, B2, C3)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chancery.domain.enrollment.policies import (
    free_exit_until,
    may_guarantee,
    may_move,
    may_reserve,
    refundable_until,
)
from chancery.domain.enrollment.states import MOVES, PlaceState
from chancery.domain.programme.policies import TermsRule

ZONE = ZoneInfo("Europe/Madrid")
TERMS = TermsRule(currency="EUR", standard_minor=150_000, member_minor=100_000)


@pytest.mark.parametrize(("taken", "allowed"), [(0, True), (23, True), (24, False), (25, False)])
def test_a_seat_is_reserved_while_one_is_free(taken: int, allowed: bool) -> None:
    assert may_reserve(taken=taken, capacity=24).allowed is allowed


@pytest.mark.parametrize(
    ("open_minor", "allowed"),
    [
        pytest.param(0, True, id="paid in full or waived"),
        pytest.param(-500, True, id="paid too much"),
        pytest.param(1, False, id="a cent is missing"),
        pytest.param(100_000, False, id="only promised"),
    ],
)
def test_a_place_is_guaranteed_only_when_nothing_is_left_to_pay(open_minor: int, allowed: bool) -> None:
    assert may_guarantee(open_minor=open_minor).allowed is allowed


@pytest.mark.parametrize(
    ("printed", "current", "until"),
    [
        pytest.param(
            date(2024, 11, 18), date(2024, 11, 18), datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC), id="as printed"
        ),
        pytest.param(
            date(2024, 11, 18), date(2024, 12, 2), datetime(2024, 11, 1, 22, 59, 59, tzinfo=UTC), id="moved later"
        ),
        pytest.param(
            date(2024, 11, 18),
            date(2024, 11, 4),
            datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC),
            id="moved earlier: the promise stays",
        ),
    ],
)
def test_a_moved_date_never_shortens_the_refund_deadline(printed: date, current: date, until: datetime) -> None:
    assert refundable_until(starts_on_printed=printed, starts_on=current, terms=TERMS, zone=ZONE) == until


def test_moved_dates_open_fourteen_days_to_leave_freely() -> None:
    settled = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)

    assert free_exit_until(settled_at=settled, terms=TERMS, zone=ZONE) == datetime(2024, 11, 4, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("state", PlaceState)
@pytest.mark.parametrize("to", PlaceState)
def test_only_the_moves_of_the_state_machine_are_allowed(state: PlaceState, to: PlaceState) -> None:
    assert may_move(state, to).allowed is (to in MOVES[state])
