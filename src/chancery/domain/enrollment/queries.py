"""Read seats, places and the waiting list."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from chancery.domain.enrollment.models import Place, SeatCounter, WaitingEntry
from chancery.domain.enrollment.states import HOLDS_A_SEAT, PlaceState
from chancery.domain.programme.models import Edition


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of an edition; ``guaranteed`` and ``reserved`` add up to what is taken."""

    capacity: int
    guaranteed: int
    reserved: int

    @property
    def taken(self) -> int:
        """Seats that somebody holds."""
        return self.guaranteed + self.reserved

    @property
    def free(self) -> int:
        """Seats that nobody holds."""
        return max(self.capacity - self.taken, 0)


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


def seats_left(edition: Edition) -> int:
    """Return how many seats are free; all of them before the first reservation."""
    counter = SeatCounter.objects.filter(edition=edition).first()
    return counter.capacity - counter.taken if counter else edition.capacity


def count_seats(edition: Edition) -> Seats:
    """Return the seats of an edition by state, in one query."""
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
    )


def list_waiting(edition: Edition) -> QuerySet[WaitingEntry]:
    """Return who waits for a seat, in order."""
    return (
        WaitingEntry.objects.filter(edition=edition, left_at=None)
        .select_related("application__person", "application__authority__city__country")
        .order_by("rank")
    )
