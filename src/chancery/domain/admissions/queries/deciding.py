"""Read decisions: drafted, released, and what they need."""

from collections.abc import Collection

from django.db.models import QuerySet

from chancery.domain.admissions.models import Application, Decision, DecisionStanding


def current_decision(application: Application) -> Decision | None:
    """Return the decision in force, drafted or released, or None."""
    return (
        Decision.objects.filter(application=application, standing__dropped_at=None)
        .select_related("standing", "drafted_by")
        .first()
    )


def list_drafted(edition_id: int) -> QuerySet[Decision]:
    """Return the decisions that wait for their release, admissions first, in the order of drafting."""
    return (
        Decision.objects.filter(
            application__edition_id=edition_id, standing__dropped_at=None, standing__released_at=None
        )
        .select_related("standing", "drafted_by", "application__person", "application__authority__city__country")
        .order_by("outcome", "drafted_at", "id")
    )


def lock_standings(decision_ids: Collection[int]) -> list[DecisionStanding]:
    """Return the standings of these decisions in the order of drafting, locked after their applications."""
    files = Decision.objects.filter(pk__in=decision_ids).values("application_id")
    list(Application.objects.select_for_update().filter(pk__in=files).order_by("pk").values_list("pk"))
    return list(
        DecisionStanding.objects.select_for_update(of=("self",))
        .filter(decision_id__in=decision_ids)
        .select_related("decision__application__person", "decision__application__edition")
        .order_by("decision_id")
    )
