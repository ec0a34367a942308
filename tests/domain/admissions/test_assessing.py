"""Two people judge on their own; conflicts step aside (promise B1)."""

from datetime import UTC, datetime

import pytest
from tests.factories.accounts import make_officer, make_person
from tests.factories.admissions import ask_to_assess, make_application

from chancery.domain.admissions.models import Assessment
from chancery.domain.admissions.policies.assessing import Criterion
from chancery.domain.admissions.queries.assessing import list_visible_assessments
from chancery.domain.admissions.services.assessing import (
    AssessmentIncomplete,
    MayNotAssess,
    assign_assessors,
    stand_aside,
    submit_assessment,
)
from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 15, 8, 0, tzinfo=UTC)
CRITERIA = (Criterion("need"), Criterion("use"))


def send(application_id: int, assessor: User, *, need: int = 4, reason: str = "Useful at home.") -> Assessment:
    return submit_assessment(
        application_id=application_id,
        assessor_id=assessor.pk,
        scores={"need": need, "use": 3},
        reason=reason,
        criteria=CRITERIA,
        actor=user_actor(assessor.pk),
        now=NOW,
    )


def test_asking_readers_puts_the_application_into_assessment_once() -> None:
    application = make_application()
    ines, biel = make_officer(Role.ASSESSOR), make_officer(Role.ASSESSOR)
    lead = user_actor(make_officer(Role.EDITION_LEAD).pk)

    for _ in range(2):
        assign_assessors(application_id=application.pk, assessor_ids=[ines.pk, biel.pk], actor=lead, now=NOW)

    application.refresh_from_db()
    assert application.state == ApplicationState.IN_ASSESSMENT
    assert application.assessments.count() == 2
    assert AuditEvent.objects.filter(name="admissions.assessors.assigned").count() == 1


def test_a_judgement_is_sent_once_and_hidden_until_the_other_is_in() -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ines, biel, lead = make_officer(Role.ASSESSOR), make_officer(Role.ASSESSOR), make_officer(Role.EDITION_LEAD)
    ask_to_assess(application, ines, biel)

    send(application.pk, ines)
    seen_with_one_in = list_visible_assessments(application, lead, sees_applications=True)
    with pytest.raises(MayNotAssess):
        send(application.pk, ines, need=1)
    send(application.pk, biel, need=2)

    assert seen_with_one_in == []
    seen = list_visible_assessments(application, lead, sees_applications=True)
    assert [each.scores["need"] for each in seen] == [4, 2]


def test_a_judgement_without_a_reason_is_refused() -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ines = make_officer(Role.ASSESSOR)
    ask_to_assess(application, ines)

    with pytest.raises(AssessmentIncomplete) as refused:
        send(application.pk, ines, reason=" ")

    assert refused.value.ruling.reasons == ("assessment_reason_missing",)


def test_who_steps_aside_judges_no_more() -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ines = make_officer(Role.ASSESSOR)
    ask_to_assess(application, ines)

    stand_aside(
        application_id=application.pk, assessor_id=ines.pk, because="I know her", actor=user_actor(ines.pk), now=NOW
    )

    with pytest.raises(MayNotAssess) as refused:
        send(application.pk, ines)
    assert refused.value.ruling.reasons == ("stood_aside",)


def test_a_colleague_of_the_same_city_is_not_asked() -> None:
    application = make_application()
    colleague = make_officer(Role.ASSESSOR)
    make_application(person=make_person("Colleague", user=colleague), authority=application.authority)

    with pytest.raises(MayNotAssess) as refused:
        assign_assessors(
            application_id=application.pk, assessor_ids=[colleague.pk], actor=user_actor(colleague.pk), now=NOW
        )
    assert refused.value.ruling.reasons == ("same_city",)
