"""Read what the holders of places choose whose edition is not held."""

from datetime import datetime

from django.db.models import QuerySet

from chancery.domain.enrollment.models import (
    EditionChoice,
    Place,
)
from chancery.domain.enrollment.states import (
    HOLDS_A_SEAT,
    ChoiceState,
)
from chancery.domain.programme.models import Edition
from chancery.foundation.calendar import last_deadline_over


def open_choice(place: Place) -> EditionChoice | None:
    """Return what the holder of a place is asked: the next edition or the money; None where nobody asked."""
    return EditionChoice.objects.filter(place=place, state=ChoiceState.ASKED).select_related("target").first()


def list_choices(edition: Edition) -> QuerySet[EditionChoice]:
    """Return who of an edition that is not held was asked what to do, and what they chose, by reference."""
    rows = EditionChoice.objects.filter(place__edition=edition)
    return rows.select_related("place__person", "place__application", "target").order_by(
        "place__application__reference"
    )


def list_choices_over(*, now: datetime) -> QuerySet[EditionChoice]:
    """Return the choices that nobody made in time; the last second is in time to its end."""
    return EditionChoice.objects.filter(state=ChoiceState.ASKED, answer_by__lte=last_deadline_over(now)).order_by("id")


def list_choices_due(*, before: datetime, asked_before: datetime, now: datetime) -> QuerySet[EditionChoice]:
    """Return the choices that have to be made before an instant, of people who were asked before another one."""
    rows = EditionChoice.objects.filter(state=ChoiceState.ASKED, place__state__in=HOLDS_A_SEAT)
    rows = rows.filter(answer_by__gt=last_deadline_over(now), answer_by__lte=before, asked_at__lte=asked_before)
    return rows.select_related("target", "place__person", "place__edition__programme", "place__application")
