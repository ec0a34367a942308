"""Ask two people to judge an application, take in what they find, let them step back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.admissions.policies.assessing import (
    AssessmentFact,
    Criterion,
    is_complete,
    may_assess,
    may_be_assigned,
)
from chancery.domain.admissions.queries.assessing import assessment_facts, shares_city
from chancery.domain.admissions.services.moving import lock_application, move_application, take_turn
from chancery.domain.admissions.states import WITH_THE_OFFICE, ApplicationState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class MayNotAssess(Refused):
    """This person may not judge this application, or not any more."""


class AssessmentIncomplete(Refused):
    """The judgement lacks a score, a reason, or holds one outside its scale."""


@transaction.atomic
def assign_assessors(
    *, application_id: int, assessor_ids: Sequence[int], actor: Actor, now: datetime
) -> list[Assessment]:
    """Ask these people to judge the application; who is asked already stays asked.

    :raises MayNotAssess: when one of them is the applicant or known to work for the same city.
    :raises MoveNotAllowed: when the application is not with the office.
    """
    application = lock_application(application_id)
    if application.state not in WITH_THE_OFFICE:
        raise MayNotAssess(refusal("not_in_assessment"))
    for assessor_id in assessor_ids:
        _refuse_conflict(application, assessor_id)

    known = set(application.assessments.values_list("assessor_id", flat=True))
    new = [id_ for id_ in dict.fromkeys(assessor_ids) if id_ not in known]
    Assessment.objects.bulk_create(
        [Assessment(application=application, assessor_id=id_, assigned_at=now) for id_ in new]
    )
    if application.state == ApplicationState.SUBMITTED:
        move_application(application, to=ApplicationState.IN_ASSESSMENT)
        take_turn(application)
    if new:
        record(Event.ASSESSORS_ASSIGNED, actor=actor, subject=application, now=now, facts={"assessors": new})
    return list(application.assessments.filter(assessor_id__in=assessor_ids).order_by("id"))


@transaction.atomic
def submit_assessment(
    *,
    application_id: int,
    assessor_id: int,
    scores: Mapping[str, int],
    reason: str,
    criteria: Sequence[Criterion],
    actor: Actor,
    now: datetime,
) -> Assessment:
    """Send one's judgement; it cannot be changed afterwards.

    :raises MayNotAssess: when not assigned, stepped back, sent before, or from the same city.
    :raises AssessmentIncomplete: when a criterion has no score, one is outside its scale, or no reason is given.
    """
    application = lock_application(application_id)
    mine = application.assessments.select_for_update().filter(assessor_id=assessor_id).first()
    ruling = may_assess(
        _fact(mine),
        with_the_office=application.state in WITH_THE_OFFICE,
        same_city=shares_city(assessor_id, application),
    )
    if mine is None or not ruling:
        raise MayNotAssess(ruling)
    complete = is_complete(scores, reason, criteria)
    if not complete:
        raise AssessmentIncomplete(complete)

    mine.scores, mine.reason, mine.submitted_at = dict(scores), reason.strip(), now
    mine.save(update_fields=["scores", "reason", "submitted_at"])
    record(Event.ASSESSMENT_SUBMITTED, actor=actor, subject=application, now=now, facts={"assessment": mine.pk})
    return mine


@transaction.atomic
def stand_aside(*, application_id: int, assessor_id: int, because: str, actor: Actor, now: datetime) -> Assessment:
    """Step back from an application because of a declared interest; the desk assigns somebody else.

    :raises MayNotAssess: when not assigned, or the judgement has been sent.
    """
    application = lock_application(application_id)
    mine = application.assessments.select_for_update().filter(assessor_id=assessor_id).first()
    ruling = may_assess(_fact(mine), with_the_office=application.state in WITH_THE_OFFICE)
    if mine is None or not ruling:
        raise MayNotAssess(ruling)

    mine.stood_aside_at, mine.stood_aside_because = now, because.strip()[:200]
    mine.save(update_fields=["stood_aside_at", "stood_aside_because"])
    record(Event.INTEREST_DECLARED, actor=actor, subject=application, now=now, facts={"assessment": mine.pk})
    return mine


def _fact(mine: Assessment | None) -> AssessmentFact | None:
    return assessment_facts([mine])[0] if mine else None


def _refuse_conflict(application: Application, assessor_id: int) -> None:
    ruling = may_be_assigned(
        is_applicant=application.person.user_id == assessor_id, same_city=shares_city(assessor_id, application)
    )
    if not ruling:
        raise MayNotAssess(ruling)
