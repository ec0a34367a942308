"""Who may judge an application, what a judgement must hold, and who may see it (promise B1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chancery.foundation.ruling import ALLOWED, Ruling, refusal

WANTED_ASSESSORS = 2

SAME_CITY = "same_city"
NOT_ASSIGNED = "not_assigned"
STOOD_ASIDE = "stood_aside"
ALREADY_SENT = "assessment_already_sent"
NOT_IN_ASSESSMENT = "not_in_assessment"
SCORE_MISSING = "score_missing"
SCORE_OUT_OF_RANGE = "score_out_of_range"
UNKNOWN_CRITERION = "unknown_criterion"
REASON_MISSING = "assessment_reason_missing"
OWN_APPLICATION = "own_application"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the edition with its scale, both ends included."""

    key: str
    lowest: int = 1
    highest: int = 5


@dataclass(frozen=True, slots=True)
class AssessmentFact:
    """One assessor's part in the judgement of an application."""

    assessor_id: int
    sent: bool = False
    stood_aside: bool = False


def may_be_assigned(*, is_applicant: bool, same_city: bool) -> Ruling:
    """Refuse who asks for a place himself or works for the same city."""
    if is_applicant:
        return refusal(OWN_APPLICATION)
    return refusal(SAME_CITY) if same_city else ALLOWED


def may_assess(mine: AssessmentFact | None, *, with_the_office: bool, same_city: bool = False) -> Ruling:
    """Allow an assessor to send a judgement: assigned, not aside, not sent before, and the file still open."""
    if mine is None:
        return refusal(NOT_ASSIGNED)
    if mine.stood_aside:
        return refusal(STOOD_ASIDE)
    if same_city:
        return refusal(SAME_CITY)
    if mine.sent:
        return refusal(ALREADY_SENT)
    return ALLOWED if with_the_office else refusal(NOT_IN_ASSESSMENT)


def is_complete(scores: Mapping[str, int], reason: str, criteria: Sequence[Criterion]) -> Ruling:
    """Allow a judgement that scores each criterion of the edition inside its scale and says why."""
    known = {criterion.key for criterion in criteria}
    reasons: list[str] = []
    if scores.keys() - known:
        reasons.append(UNKNOWN_CRITERION)
    if known - scores.keys():
        reasons.append(SCORE_MISSING)
    if any(not c.lowest <= scores[c.key] <= c.highest for c in criteria if c.key in scores):
        reasons.append(SCORE_OUT_OF_RANGE)
    if not reason.strip():
        reasons.append(REASON_MISSING)
    return refusal(*reasons) if reasons else ALLOWED


def all_in(assessments: Sequence[AssessmentFact]) -> bool:
    """Tell whether every judgement that is asked for has been sent, and at least two are."""
    asked = [fact for fact in assessments if not fact.stood_aside]
    return len(asked) >= WANTED_ASSESSORS and all(fact.sent for fact in asked)


def assessments_visible_to(
    viewer_id: int, assessments: Sequence[AssessmentFact], *, sees_applications: bool
) -> frozenset[int]:
    """Return the assessors whose scores a reader of the page may see.

    Assessors are blind to each other until both are in, and nobody at the desk sees a score before (promise B1).
    Who stood aside sees none. One's own judgement is always one's own.
    """
    mine = next((fact for fact in assessments if fact.assessor_id == viewer_id), None)
    sent = frozenset(fact.assessor_id for fact in assessments if fact.sent)
    if mine is not None and mine.stood_aside:
        return frozenset()
    if all_in(assessments) and (sees_applications or mine is not None):
        return sent
    return sent & {viewer_id}
