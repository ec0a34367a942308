"""Who may judge, and who sees which scores (promise B1)."""

import pytest

from chancery.domain.admissions.policies.assessing import (
    AssessmentFact,
    Criterion,
    assessments_visible_to,
    is_complete,
    may_assess,
    may_be_assigned,
)

ME, OTHER, LEAD = 1, 2, 9
CRITERIA = (Criterion("need"), Criterion("use"))


@pytest.mark.parametrize(
    ("mine", "same_city", "open_file", "reasons"),
    [
        pytest.param(AssessmentFact(ME), False, True, (), id="assigned"),
        pytest.param(None, False, True, ("not_assigned",), id="not assigned"),
        pytest.param(AssessmentFact(ME, stood_aside=True), False, True, ("stood_aside",), id="stepped back"),
        pytest.param(AssessmentFact(ME), True, True, ("same_city",), id="from the same city"),
        pytest.param(AssessmentFact(ME, sent=True), False, True, ("assessment_already_sent",), id="sent before"),
        pytest.param(AssessmentFact(ME), False, False, ("not_in_assessment",), id="the file is closed"),
    ],
)
def test_who_may_assess(
    mine: AssessmentFact | None, same_city: bool, open_file: bool, reasons: tuple[str, ...]
) -> None:
    assert may_assess(mine, with_the_office=open_file, same_city=same_city).reasons == reasons


def test_nobody_judges_the_own_application_or_a_colleague_of_the_same_city() -> None:
    assert not may_be_assigned(is_applicant=True, same_city=False)
    assert not may_be_assigned(is_applicant=False, same_city=True)
    assert may_be_assigned(is_applicant=False, same_city=False)


@pytest.mark.parametrize(
    ("scores", "reason", "reasons"),
    [
        pytest.param({"need": 1, "use": 5}, "Because.", (), id="complete"),
        pytest.param({"need": 3}, "Because.", ("score_missing",), id="a score is missing"),
        pytest.param({"need": 0, "use": 5}, "Because.", ("score_out_of_range",), id="below the scale"),
        pytest.param({"need": 3, "use": 6}, "Because.", ("score_out_of_range",), id="above the scale"),
        pytest.param({"need": 3, "use": 3, "charm": 5}, "Because.", ("unknown_criterion",), id="invented criterion"),
        pytest.param({"need": 3, "use": 3}, "  ", ("assessment_reason_missing",), id="no reason"),
    ],
)
def test_a_judgement_scores_each_criterion_with_a_reason(
    scores: dict[str, int], reason: str, reasons: tuple[str, ...]
) -> None:
    assert is_complete(scores, reason, CRITERIA).reasons == reasons


ONE_IN = (AssessmentFact(ME, sent=True), AssessmentFact(OTHER))
BOTH_IN = (AssessmentFact(ME, sent=True), AssessmentFact(OTHER, sent=True))
ALONE = (AssessmentFact(ME, sent=True), AssessmentFact(OTHER, stood_aside=True))


@pytest.mark.parametrize(
    ("viewer", "facts", "desk", "visible"),
    [
        pytest.param(OTHER, ONE_IN, False, set(), id="blind to the other before sending"),
        pytest.param(ME, ONE_IN, False, {ME}, id="one's own judgement"),
        pytest.param(LEAD, ONE_IN, True, set(), id="the lead sees no score before both are in"),
        pytest.param(LEAD, BOTH_IN, True, {ME, OTHER}, id="the lead sees both"),
        pytest.param(OTHER, BOTH_IN, False, {ME, OTHER}, id="assessors see both"),
        pytest.param(7, BOTH_IN, False, set(), id="an assessor who was not asked sees none"),
        pytest.param(LEAD, ALONE, True, set(), id="one judgement is not two"),
        pytest.param(OTHER, ALONE, False, set(), id="who stepped back sees none"),
    ],
)
def test_scores_are_seen_only_when_both_are_in(
    viewer: int, facts: tuple[AssessmentFact, ...], desk: bool, visible: set[int]
) -> None:
    assert assessments_visible_to(viewer, facts, sees_applications=desk) == visible
