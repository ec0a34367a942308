"""The step of judging: who reads an application, by the criteria of its edition."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Assessment
from chancery.domain.admissions.policies.assessing import Criterion
from chancery.domain.admissions.services import assessing
from chancery.domain.admissions.services.moving import lock_application
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import Actor


def criteria_of(edition: Edition) -> tuple[Criterion, ...]:
    """Return the criteria of an edition with their scales."""
    return tuple(Criterion(c.key, c.lowest, c.highest) for c in get_content(edition).criteria)


@transaction.atomic
def send_assessment(
    *, application_id: int, scores: Mapping[str, int], reason: str, actor: Actor, now: datetime
) -> Assessment:
    """Send the actor's own judgement, complete by the criteria of the edition.

    :raises chancery.domain.admissions.services.assessing.MayNotAssess: when it is not theirs to judge.
    :raises chancery.domain.admissions.services.assessing.AssessmentIncomplete: when a score or the reason is missing.
    """
    edition = lock_application(application_id).edition
    return assessing.submit_assessment(
        application_id=application_id,
        assessor_id=actor.person_id(),
        scores=scores,
        reason=reason,
        criteria=criteria_of(edition),
        actor=actor,
        now=now,
    )
