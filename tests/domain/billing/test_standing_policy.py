"""Whose money stands on a bill after the bank took some of it back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.billing.policies import LeftOnBill, OnBill, money_standing

FIRST, SECOND, THIRD = (date(2024, 10, day) for day in (11, 12, 13))
A = OnBill(1, 400, FIRST, "X", "E1")
B = OnBill(2, 600, SECOND, "Y", "E2")


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        pytest.param([A, B], [LeftOnBill(2, 600), LeftOnBill(1, 400)], id="the newest first"),
        pytest.param([A, B, OnBill(3, -600, THIRD, "Y")], [LeftOnBill(1, 400)], id="the payer whose money went"),
        pytest.param([A, B, OnBill(3, -400, THIRD, "", "E1")], [LeftOnBill(2, 600)], id="the transfer that is named"),
        pytest.param(
            [A, B, OnBill(3, -400, THIRD)], [LeftOnBill(2, 600, sure=False)], id="the same sum, which is a guess"
        ),
        pytest.param(
            [A, B, OnBill(3, -100, THIRD)],
            [LeftOnBill(2, 500, sure=False), LeftOnBill(1, 400, sure=False)],
            id="the newest, which is a guess",
        ),
        pytest.param([A, OnBill(3, -100, THIRD)], [LeftOnBill(1, 300)], id="no guess where one line paid"),
        pytest.param(
            [A, OnBill(2, 600, SECOND, "X"), OnBill(3, -100, THIRD)],
            [LeftOnBill(2, 500), LeftOnBill(1, 400)],
            id="no guess where one payer paid",
        ),
        pytest.param(
            [OnBill(1, 600, FIRST, "Y"), OnBill(2, 300, SECOND, "Y"), OnBill(3, -600, THIRD, "Y")],
            [LeftOnBill(2, 300)],
            id="of one payer's lines the one with that sum",
        ),
        pytest.param([B, OnBill(3, -600, FIRST, "Y")], [], id="a debit dated before"),
    ],
)
def test_a_debit_takes_from_the_line_that_it_belongs_to(lines: list[OnBill], left: list[LeftOnBill]) -> None:
    assert money_standing(lines) == left


LINES = st.lists(
    st.tuples(st.integers(-500, 500).filter(bool), st.integers(1, 28), st.sampled_from(["", "X", "Y"])), max_size=8
)


@given(LINES)
def test_what_stands_is_what_the_bill_has_received_and_no_line_gives_more_than_it_brought(
    drawn: list[tuple[int, int, str]],
) -> None:
    lines = [OnBill(number, minor, date(2024, 10, day), iban) for number, (minor, day, iban) in enumerate(drawn)]
    brought = {line.entry_id: line.minor for line in lines}

    left = money_standing(lines)

    assert sum(each.minor for each in left) == max(sum(brought.values()), 0)
    assert all(0 < each.minor <= brought[each.entry_id] for each in left)
