"""What must be settled before anything about a person is erased."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundation.privacy.policies import (
    BILL_OPEN,
    HOLDS_A_ROLE,
    NOTICE_WAITS,
    PLACE_LIVE,
    PROMISE_OPEN,
    REFUND_RUNS,
    UNDER_WAY,
    Unsettled,
    may_erase,
)
from chancery.foundation.ruling import ALLOWED, refusal


@pytest.mark.parametrize(
    ("unsettled", "reason"),
    [
        pytest.param(Unsettled(under_way=True), UNDER_WAY, id="an application under way"),
        pytest.param(Unsettled(place_live=True), PLACE_LIVE, id="a place of a course to come"),
        pytest.param(Unsettled(bill_open=True), BILL_OPEN, id="a bill that is not settled"),
        pytest.param(Unsettled(refund_runs=True), REFUND_RUNS, id="money on its way back"),
        pytest.param(Unsettled(notice_waits=True), NOTICE_WAITS, id="a letter of leaving that waits"),
        pytest.param(Unsettled(promise_open=True), PROMISE_OPEN, id="a promise that is not kept yet"),
    ],
)
def test_what_is_open_holds_an_erasure_back_and_says_why(unsettled: Unsettled, reason: str) -> None:
    assert may_erase([Unsettled(), unsettled]) == refusal(reason)


def test_a_role_of_the_office_is_taken_first() -> None:
    assert may_erase([], holds_a_role=True) == refusal(HOLDS_A_ROLE)


def test_nothing_open_holds_nothing_back() -> None:
    assert may_erase([Unsettled(), Unsettled()]) == ALLOWED


@given(st.lists(st.builds(Unsettled, *[st.booleans()] * len(fields(Unsettled))), max_size=4))
def test_an_erasure_is_allowed_only_where_every_file_allows_it(files: list[Unsettled]) -> None:
    assert bool(may_erase(files)) == all(may_erase([each]) for each in files)
