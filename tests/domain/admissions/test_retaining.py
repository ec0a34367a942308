"""How long an application is kept, by what became of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.admissions.policies.retaining import (
    FileFacts,
    KeptUntil,
    kept_until,
    mail_kept_until,
    papers_kept_until,
)
from chancery.domain.admissions.states import OVER, ApplicationState


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


FACTS = FileFacts(
    state=ApplicationState.DECLINED,
    sent=True,
    saved_at=day("2024-10-08"),
    ended_at=day("2024-10-20"),
    call_closes_at=day("2024-11-01"),
    course_ends_at=day("2025-02-01"),
)
INSTANTS = st.integers(0, 5000).map(lambda days: FACTS.saved_at + timedelta(days=days))


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        pytest.param(FACTS, KeptUntil("ended_application", day("2025-10-20")), id="declined"),
        pytest.param(
            replace(FACTS, state=ApplicationState.WITHDRAWN),
            KeptUntil("ended_application", day("2025-10-20")),
            id="taken back",
        ),
        pytest.param(
            replace(FACTS, state=ApplicationState.EXPIRED),
            KeptUntil("ended_application", day("2025-10-20")),
            id="sent and expired",
        ),
        pytest.param(
            replace(FACTS, state=ApplicationState.EXPIRED, sent=False),
            KeptUntil("idle_draft", day("2024-12-07")),
            id="a draft that was never sent",
        ),
        pytest.param(
            replace(FACTS, state=ApplicationState.EXPIRED, sent=False, saved_at=day("2024-08-01")),
            KeptUntil("idle_draft", day("2024-11-01")),
            id="an idle draft while the call is open",
        ),
        pytest.param(
            replace(FACTS, state=ApplicationState.ADMITTED),
            KeptUntil("place_file", day("2031-02-01")),
            id="admitted",
        ),
        pytest.param(replace(FACTS, state=ApplicationState.IN_DIALOGUE), None, id="under way"),
        pytest.param(replace(FACTS, state=ApplicationState.DRAFT), None, id="a draft"),
    ],
)
def test_an_application_is_kept_by_what_became_of_it(facts: FileFacts, until: KeptUntil | None) -> None:
    assert kept_until(facts) == until


def test_letters_of_support_go_half_a_year_after_the_course() -> None:
    admitted = replace(FACTS, state=ApplicationState.ADMITTED)

    assert papers_kept_until(admitted) == KeptUntil("course_paper", day("2025-08-01"))


def test_letters_of_support_never_outlive_their_application() -> None:
    early = replace(FACTS, ended_at=day("2024-05-01"))

    assert papers_kept_until(early) == KeptUntil("ended_application", day("2025-05-01"))


@pytest.mark.parametrize(
    ("state", "until"),
    [
        pytest.param(ApplicationState.ADMITTED, day("2026-02-01"), id="after the course of a participant"),
        pytest.param(ApplicationState.DECLINED, day("2025-10-20"), id="after the end of an application"),
        pytest.param(ApplicationState.WAITING, None, id="while it is under way"),
    ],
)
def test_a_mail_about_an_application_outlives_its_need(state: ApplicationState, until: datetime | None) -> None:
    assert mail_kept_until(replace(FACTS, state=state), "outgoing_mail", day("2024-10-09")) == until


@given(st.sampled_from(sorted(OVER | {ApplicationState.ADMITTED})), INSTANTS, INSTANTS, st.booleans())
def test_nothing_of_an_ended_application_is_kept_without_an_end(
    state: ApplicationState, ended_at: datetime, course_ends_at: datetime, sent: bool
) -> None:
    facts = replace(FACTS, state=state, ended_at=ended_at, course_ends_at=course_ends_at, sent=sent)
    until = kept_until(facts)

    assert until is not None
    assert papers_kept_until(facts).over_at <= until.over_at
