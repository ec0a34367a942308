"""Read who judges an application and what they found."""

from collections.abc import Collection

from django.db.models import QuerySet

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.admissions.policies.assessing import AssessmentFact, assessments_visible_to
from chancery.foundation.accounts.models import User


def list_assessments(application: Application) -> QuerySet[Assessment]:
    """Return the assessments asked for, in the order in which they were assigned."""
    return application.assessments.select_related("assessor").order_by("assigned_at", "id")


def assessment_facts(assessments: Collection[Assessment]) -> list[AssessmentFact]:
    """Return assessments as the rules see them."""
    return [
        AssessmentFact(
            assessor_id=each.assessor_id,
            sent=each.submitted_at is not None,
            stood_aside=each.stood_aside_at is not None,
        )
        for each in assessments
    ]


def list_visible_assessments(application: Application, viewer: User, *, sees_applications: bool) -> list[Assessment]:
    """Return the sent assessments that this reader may see now."""
    rows = list(list_assessments(application))
    visible = assessments_visible_to(viewer.pk, assessment_facts(rows), sees_applications=sees_applications)
    return [row for row in rows if row.assessor_id in visible]


def list_assigned_to(assessor: User, edition_id: int) -> QuerySet[Assessment]:
    """Return what an assessor is asked to judge in an edition, unsent first, oldest first."""
    return (
        Assessment.objects.filter(assessor=assessor, application__edition_id=edition_id, stood_aside_at=None)
        .select_related("application__person", "application__authority__city__country")
        .order_by("submitted_at", "assigned_at", "id")
    )


def shares_city(assessor_id: int, application: Application) -> bool:
    """Tell whether the assessor is known to work for the applicant's city, from an application of their own."""
    if application.authority is None:
        return False
    city_id = application.authority.city_id
    return Application.objects.filter(person__user_id=assessor_id, authority__city_id=city_id).exists()
