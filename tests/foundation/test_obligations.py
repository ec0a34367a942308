"""Promises with a clock: which were kept."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.admissions import make_application
from tests.factories.programme import make_edition

from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.queries import Kept, count_kept
from chancery.foundation.obligations.services import meet_obligation, open_obligation

pytestmark = pytest.mark.django_db
ANSWER = ObligationKind.ANSWER
DUE = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)
LAST_MOMENT, MIDNIGHT = DUE + timedelta(milliseconds=500), DUE + timedelta(seconds=1)


@pytest.mark.parametrize(("met_at", "in_time"), [(LAST_MOMENT, 1), (MIDNIGHT, 0)])
def test_a_promise_met_in_its_last_second_was_kept(met_at: datetime, in_time: int) -> None:
    application = make_application(edition=make_edition())
    open_obligation(ANSWER, subject=application, due_at=DUE, basis="test", now=DUE - timedelta(days=1))
    meet_obligation(ANSWER, subject=application, now=met_at)

    assert count_kept(now=MIDNIGHT) == [Kept(ANSWER, in_time=in_time, of=1)]


def test_an_open_promise_is_past_due_at_midnight() -> None:
    open_obligation(ANSWER, subject=make_application(edition=make_edition()), due_at=DUE, basis="test", now=DUE)

    assert count_kept(now=LAST_MOMENT) == []
    assert count_kept(now=MIDNIGHT) == [Kept(ANSWER, in_time=0, of=1)]
