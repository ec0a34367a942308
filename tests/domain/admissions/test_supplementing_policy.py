"""Asking for what is missing, sending it again, and letting it expire (promise B1)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chancery.domain.admissions.policies.deciding import DialogueFact, turn_of
from chancery.domain.admissions.policies.form import PartStatus
from chancery.domain.admissions.policies.supplementing import (
    may_ask_for_missing,
    may_let_expire,
    may_send_again,
    opened_by,
)
from chancery.domain.admissions.states import ApplicationState, Direction

S = ApplicationState
TODAY, TOMORROW = date(2024, 10, 15), date(2024, 10, 16)
UNTIL = datetime(2024, 10, 22, 21, 59, 59, tzinfo=UTC)
QUESTIONS = ("name", "certificate_name", "latin_name", "post", "endorsement")


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        pytest.param({"post"}, {"post"}, id="a question opens itself"),
        pytest.param({"name"}, {"name", "certificate_name", "latin_name"}, id="a name opens its other forms"),
        pytest.param({"gone"}, set(), id="a question that the form has no more opens nothing"),
        pytest.param(set(), set(), id="nothing asked opens nothing"),
    ],
)
def test_what_was_asked_for_is_open_again_and_nothing_else(asked: set[str], opened: set[str]) -> None:
    assert opened_by(asked, QUESTIONS) == opened


@pytest.mark.parametrize("state", [each for each in S if each is not S.SUBMITTED])
def test_only_what_nobody_reads_yet_can_be_found_incomplete(state: S) -> None:
    ruling = may_ask_for_missing(state, ["post"], wished_by=TOMORROW, today=TODAY)

    assert ruling.reasons == ("not_to_be_supplemented",)


@pytest.mark.parametrize(
    ("asked", "wished_by", "reasons"),
    [
        pytest.param(["post"], TOMORROW, (), id="tomorrow at the earliest"),
        pytest.param(["post"], TODAY, ("day_too_early",), id="never the same day"),
        pytest.param([], TOMORROW, ("nothing_asked",), id="something has to be ticked"),
    ],
)
def test_a_request_names_questions_and_a_day_to_come(
    asked: list[str], wished_by: date, reasons: tuple[str, ...]
) -> None:
    assert may_ask_for_missing(S.SUBMITTED, asked, wished_by=wished_by, today=TODAY).reasons == reasons


@pytest.mark.parametrize(
    ("state", "parts", "reasons"),
    [
        pytest.param(S.INCOMPLETE, [PartStatus.COMPLETED], (), id="complete"),
        pytest.param(
            S.INCOMPLETE, [PartStatus.COMPLETED, PartStatus.IN_PROGRESS], ("asked_parts_open",), id="a part is open"
        ),
        pytest.param(S.SUBMITTED, [PartStatus.COMPLETED], ("not_incomplete",), id="nothing is asked for"),
    ],
)
def test_it_is_sent_again_once_every_asked_part_is_complete(
    state: S, parts: list[PartStatus], reasons: tuple[str, ...]
) -> None:
    assert may_send_again(state, parts).reasons == reasons


@pytest.mark.parametrize(
    ("now", "answer_owed", "reasons"),
    [
        pytest.param(UNTIL, False, ("still_time",), id="the last second is in time"),
        pytest.param(UNTIL + timedelta(milliseconds=999), False, ("still_time",), id="to its end"),
        pytest.param(UNTIL + timedelta(seconds=1), False, (), id="a second later"),
        pytest.param(UNTIL + timedelta(days=9), True, ("answer_owed",), id="never while the applicant waits for us"),
    ],
)
def test_silence_past_the_day_may_end_it(now: datetime, answer_owed: bool, reasons: tuple[str, ...]) -> None:
    assert may_let_expire(S.INCOMPLETE, wished_until=UNTIL, answer_owed=answer_owed, now=now).reasons == reasons


def test_only_what_is_incomplete_expires_so() -> None:
    assert may_let_expire(S.SUBMITTED, wished_until=UNTIL, answer_owed=False, now=UNTIL).reasons == ("not_incomplete",)


def test_it_is_the_applicants_turn_until_the_wished_day_and_then_whoever_owes() -> None:
    asked = [DialogueFact(1, Direction.FROM_OFFICE, UNTIL - timedelta(days=7), wished_until=UNTIL)]

    theirs = turn_of(S.INCOMPLETE, asked, owed_at=None)
    ours = turn_of(S.INCOMPLETE, asked, owed_at=UNTIL + timedelta(days=3))

    assert (theirs.ours, theirs.due_at) == (False, UNTIL)
    assert (ours.ours, ours.due_at) == (True, UNTIL + timedelta(days=3))
