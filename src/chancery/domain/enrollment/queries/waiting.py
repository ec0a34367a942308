"""Read the waiting list."""

from datetime import datetime

from django.db.models import QuerySet

from chancery.domain.enrollment.models import WaitingEntry
from chancery.domain.programme.models import Edition
from chancery.foundation.calendar import last_deadline_over


def list_waiting(edition: Edition) -> QuerySet[WaitingEntry]:
    """Return who waits for a seat, in order."""
    return (
        WaitingEntry.objects.filter(edition=edition, left_at=None)
        .select_related("application__person", "application__authority__city__country")
        .order_by("rank")
    )


def list_offers_over(*, now: datetime) -> QuerySet[WaitingEntry]:
    """Return the offers that have ended and that nobody answered, the oldest first."""
    return WaitingEntry.objects.filter(left_at=None, offered_until__lte=last_deadline_over(now)).order_by(
        "offered_until", "id"
    )
