"""The list of the admissions desk: who is late."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.admissions import make_application
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.desk import DeskFilter, Group, desk_page, group_of
from chancery.domain.admissions.queries.dialogue import list_silent
from chancery.domain.admissions.states import ApplicationState

pytestmark = pytest.mark.django_db
DUE = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)
AT_MIDNIGHT = [
    pytest.param(DUE + timedelta(milliseconds=500), False, id="the last second is in time to its end"),
    pytest.param(DUE + timedelta(seconds=1), True, id="at midnight it is over"),
]


def waiting(state: ApplicationState, *, ours: bool) -> Application:
    application = make_application(edition=make_edition(), state=state)
    Application.objects.filter(pk=application.pk).update(turn_ours=ours, turn_due_at=DUE, search_text="juma")
    application.refresh_from_db()
    return application


@pytest.mark.parametrize("wanted", [DeskFilter(), DeskFilter(text="juma")], ids=["all", "found by a word"])
@pytest.mark.parametrize(("now", "is_late"), AT_MIDNIGHT)
def test_an_answer_of_ours_is_late_from_midnight(now: datetime, is_late: bool, wanted: DeskFilter) -> None:
    application = waiting(ApplicationState.SUBMITTED, ours=True)
    group = Group.LATE if is_late else Group.TO_DO

    page = desk_page(application.edition, wanted, number=1, now=now)

    assert group_of(application, now) == group
    assert [each for each, count in page.counts.items() if count] == [group]
    assert page.rows[group] == [application]


@pytest.mark.parametrize(("now", "is_over"), AT_MIDNIGHT)
def test_an_applicant_is_silent_from_midnight_of_the_wished_day(now: datetime, is_over: bool) -> None:
    application = waiting(ApplicationState.INCOMPLETE, ours=False)

    assert list(list_silent(now=now)) == [application] * is_over
