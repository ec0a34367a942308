"""Read seats and places."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from chancery.domain.enrollment.models import (
    EditionChoice,
    Place,
    Substitution,
    WaitingEntry,
)
from chancery.domain.enrollment.states import (
    HOLDS_A_SEAT,
    PlaceState,
)
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import GroupScope
from chancery.foundation.calendar import last_deadline_over


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of an edition; ``guaranteed`` and ``reserved`` add up to what is taken, ``held`` are offered."""

    capacity: int
    guaranteed: int
    reserved: int
    held: int = 0

    @property
    def taken(self) -> int:
        """Seats that somebody holds."""
        return self.guaranteed + self.reserved

    @property
    def free(self) -> int:
        """Seats that nobody holds and that are offered to nobody."""
        return max(self.capacity - self.taken - self.held, 0)


def list_places(edition: Edition) -> QuerySet[Place]:
    """Return the places of an edition that hold a seat, with person and application, by day of registration."""
    return (
        Place.objects.filter(edition=edition, state__in=HOLDS_A_SEAT)
        .select_related("person", "application", "edition")
        .order_by("reserved_on", "id")
    )


def find_place(application_id: int) -> Place | None:
    """Return the place of an application, or None before admission."""
    return Place.objects.filter(application_id=application_id).select_related("edition", "person").first()


def moved_to(place_id: int) -> int:
    """Return the place that a place became when its holder chose the next edition, or itself where it never moved."""
    while successor := EditionChoice.objects.filter(place=place_id).values_list("successor", flat=True).first():
        place_id = successor
    return place_id


def count_seats(edition: Edition) -> Seats:
    """Return the seats of an edition by state, in two queries."""
    counted = dict(
        Place.objects.filter(edition=edition, state__in=HOLDS_A_SEAT)
        .values_list("state")
        .annotate(n=Count("id"))
        .order_by()
    )
    return Seats(
        capacity=edition.capacity,
        guaranteed=counted.get(PlaceState.GUARANTEED, 0),
        reserved=counted.get(PlaceState.RESERVED, 0),
        held=WaitingEntry.objects.filter(edition=edition, left_at=None, offered_until__isnull=False).count(),
    )


def first_in_edition(place: Place) -> Place:
    """Return the place by which a seat was reserved first in its edition: that of whoever handed it on, else itself."""
    while taken := Substitution.objects.filter(successor=place).select_related("place").first():
        place = taken.place
    return place


def contract_day(place: Place) -> date:
    """Return the day of the contract: of the first reservation, also where the place was handed on or has moved."""
    place = first_in_edition(place)
    while chosen := EditionChoice.objects.filter(successor=place).select_related("place").first():
        place = first_in_edition(chosen.place)
    return place.reserved_on


def count_group(place: Place, scope: GroupScope) -> int:
    """Return how many people of the place's group hold a seat, itself included (promise B4)."""
    application = place.application
    held = Place.objects.filter(edition=place.edition, state__in=HOLDS_A_SEAT)
    if scope is GroupScope.DECLARED:
        mates = held.filter(application__group=application.group) if application.group_id else held.none()
    elif scope is not GroupScope.PAYER and application.authority_id is None:
        mates = held.none()
    elif scope is GroupScope.AUTHORITY:
        mates = held.filter(application__authority=application.authority_id)
    elif scope is GroupScope.CITY:
        mates = held.filter(application__authority__city__authorities=application.authority_id)
    else:
        payer = getattr(application, "payer", None)
        named = held.filter(application__payer__legal_name=payer.legal_name) if payer else held.none()
        mates = named.filter(application__payer__country=payer.country) if payer else named
    return mates.exclude(pk=place.pk).count() + 1


def deadline_within(span: timedelta, *, now: datetime) -> bool:
    """Tell whether the last refundable instant of somebody's place lies ahead, at most that far."""
    held = Place.objects.filter(state__in=HOLDS_A_SEAT)
    return held.filter(refundable_until__gt=last_deadline_over(now), refundable_until__lte=now + span).exists()
