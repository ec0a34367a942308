"""The rules of declining, releasing and whose turn it is (promises A4, B1)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.admissions.policies.deciding import (
    MORE_ADMITS_THAN_SEATS,
    NO_DIALOGUE_YET,
    DialogueFact,
    Turn,
    may_decline,
    may_decline_for,
    may_release,
    proof_of_dialogue,
    turn_of,
)
from chancery.domain.admissions.states import ApplicationState as State
from chancery.domain.admissions.states import CallOutcome, DeclineReason, Direction

AT = datetime(2024, 10, 8, 9, 0, tzinfo=UTC)
WISHED = AT + timedelta(days=7)


def said(*words: str) -> list[DialogueFact]:
    """Return entries by short words: office, applicant, talked, not reached, note."""
    kinds = {
        "office": (Direction.FROM_OFFICE, "", WISHED),
        "applicant": (Direction.FROM_APPLICANT, "", None),
        "talked": (Direction.CALL, CallOutcome.TALKED, None),
        "not reached": (Direction.CALL, CallOutcome.NOT_REACHED, None),
        "note": (Direction.NOTE, "", None),
    }
    return [
        DialogueFact(number, kinds[word][0], AT + timedelta(hours=number), kinds[word][1], kinds[word][2])
        for number, word in enumerate(words, start=1)
    ]


@pytest.mark.parametrize(
    ("words", "proof"),
    [
        pytest.param([], None, id="nothing was said"),
        pytest.param(["office"], None, id="silence is never a dialogue"),
        pytest.param(["applicant"], None, id="only the applicant wrote"),
        pytest.param(["applicant", "office"], None, id="the applicant did not answer"),
        pytest.param(["office", "not reached"], None, id="a call that reached nobody"),
        pytest.param(["not reached", "applicant"], None, id="a call not reached is no word of the office"),
        pytest.param(["office", "note", "note"], None, id="notes are not said to anybody"),
        pytest.param(["office", "applicant"], 2, id="asked and answered"),
        pytest.param(["talked"], 1, id="a talk counts as both"),
        pytest.param(["office", "not reached", "talked", "applicant"], 3, id="the first proof is named"),
    ],
)
def test_a_dialogue_has_taken_place_only_when_both_spoke(words: list[str], proof: int | None) -> None:
    assert proof_of_dialogue(said(*words)) == proof
    assert may_decline(said(*words)).allowed is (proof is not None)


def test_a_refused_decline_names_the_missing_dialogue() -> None:
    assert may_decline(said("office")).reasons == (NO_DIALOGUE_YET,)


@given(st.lists(st.sampled_from(["office", "note", "not reached"])))
def test_no_number_of_one_sided_words_makes_a_dialogue(words: list[str]) -> None:
    assert not may_decline(said(*words))


def test_no_reason_for_declining_is_about_seniority() -> None:
    words = " ".join(DeclineReason).lower()

    assert not [word for word in ("senior", "junior", "career", "years", "age", "stage") if word in words.split()]


@pytest.mark.parametrize("reason", ["", "too junior", "no experience"])
def test_a_decline_for_a_reason_off_the_list_is_refused(reason: str) -> None:
    assert not may_decline_for(reason)


@pytest.mark.parametrize(
    ("admits", "free", "seen", "waits", "allowed"),
    [
        pytest.param(1, 1, None, False, True, id="one seat for one"),
        pytest.param(2, 1, None, False, False, id="two for one seat"),
        pytest.param(2, 1, 1, False, False, id="two for the one seat that was shown"),
        pytest.param(1, 0, 1, False, True, id="a colleague was faster"),
        pytest.param(2, 1, None, True, True, id="the officer said the rest waits"),
        pytest.param(0, 0, 0, False, True, id="nobody to admit"),
    ],
)
def test_a_batch_goes_out_when_its_admissions_fit(
    admits: int, free: int, seen: int | None, waits: bool, allowed: bool
) -> None:
    ruling = may_release(admits=admits, free=free, free_seen=seen, overflow_waits=waits)

    assert ruling.allowed is allowed
    assert ruling.reasons == (() if allowed else (MORE_ADMITS_THAN_SEATS,))


@pytest.mark.parametrize(
    ("state", "words", "owed", "turn"),
    [
        pytest.param(State.SUBMITTED, [], AT, Turn(True, AT), id="a new file is ours"),
        pytest.param(State.IN_DIALOGUE, ["office"], None, Turn(False, WISHED), id="a question is theirs"),
        pytest.param(State.IN_DIALOGUE, ["office", "note"], None, Turn(False, WISHED), id="a note changes nothing"),
        pytest.param(State.IN_DIALOGUE, ["office"], AT, Turn(True, AT), id="a call we owe is ours"),
        pytest.param(State.IN_DIALOGUE, ["office", "applicant"], AT, Turn(True, AT), id="an answer is ours"),
        pytest.param(State.DECIDED, ["talked"], AT, Turn(True, AT), id="a drafted decision is ours to give out"),
        pytest.param(State.WAITING, [], None, Turn(False, None), id="nobody acts on the waiting list"),
        pytest.param(State.WAITING, ["applicant"], AT, Turn(True, AT), id="who waits and writes is answered"),
        pytest.param(State.DECLINED, ["applicant"], AT, Turn(True, AT), id="who was declined and writes is answered"),
        pytest.param(State.ADMITTED, ["office"], None, Turn(False, None), id="a place is no question of ours"),
        pytest.param(State.DRAFT, [], AT, Turn(False, None), id="a draft is nobody's business"),
    ],
)
def test_it_is_ours_while_we_owe_something(state: State, words: list[str], owed: datetime | None, turn: Turn) -> None:
    assert turn_of(state, said(*words), owed_at=owed) == turn
