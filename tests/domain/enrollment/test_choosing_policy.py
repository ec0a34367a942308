"""Who may choose the next edition when theirs is not held, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chancery.domain.enrollment.policies.choosing import ChoiceFacts, may_take_next

LAST = datetime(2024, 11, 8, 22, 59, 59, tzinfo=UTC)
FACTS = ChoiceFacts(holds_seat=True, answered=False, answer_by=LAST, notice_waits=False, fee_open=False, begun=False)


@pytest.mark.parametrize(
    ("facts", "now", "reasons"),
    [
        pytest.param(FACTS, LAST - timedelta(days=10), (), id="days before"),
        pytest.param(FACTS, LAST, (), id="in the last second"),
        pytest.param(FACTS, LAST + timedelta(microseconds=999_999), (), id="at the end of the last second"),
        pytest.param(FACTS, LAST + timedelta(seconds=1), ("choice_over",), id="a second later"),
        pytest.param(replace(FACTS, answered=True), LAST, ("choice_over",), id="chosen before"),
        pytest.param(replace(FACTS, holds_seat=False), LAST, ("choice_over",), id="the place has ended"),
        pytest.param(replace(FACTS, notice_waits=True), LAST, ("notice_waits",), id="a notice waits"),
        pytest.param(replace(FACTS, fee_open=True), LAST, ("fee_open",), id="an officer decides the fee"),
        pytest.param(replace(FACTS, begun=True), LAST, ("next_edition_begun",), id="the next edition has begun"),
        pytest.param(
            replace(FACTS, answered=True, holds_seat=False, notice_waits=True, fee_open=True, begun=True),
            LAST + timedelta(days=1),
            ("choice_over", "notice_waits", "fee_open", "next_edition_begun"),
            id="all that stands in the way, each once",
        ),
    ],
)
def test_what_stands_in_the_way_is_said(facts: ChoiceFacts, now: datetime, reasons: tuple[str, ...]) -> None:
    ruling = may_take_next(facts, now=now)

    assert (bool(ruling), ruling.reasons) == (not reasons, reasons)
