"""Take a seat, make the place sure, make it unsure again, let it go.

Lock order everywhere: seat counter, places by id, then the balances of billing.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.enrollment.models import Place, SeatCounter
from chancery.domain.enrollment.policies import may_guarantee, may_move, may_reserve, refundable_until
from chancery.domain.enrollment.states import HOLDS_A_SEAT, PlaceState
from chancery.domain.programme.models import Edition
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import ref
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import open_thread
from chancery.foundation.ruling import Refused

RESERVATION = "reservation"
ENDED = {
    PlaceState.CANCELLED: Event.PLACE_CANCELLED,
    PlaceState.GIVEN_UP: Event.PLACE_GIVEN_UP,
    PlaceState.ORGANISER_CANCELLED: Event.PLACE_CANCELLED,
    PlaceState.MOVED: Event.PLACE_MOVED,
}


class NoSeatLeft(Refused):
    """Every seat of the edition is taken."""


class PlaceNotGuaranteed(Refused):
    """The place is not paid in full, so nobody may call it sure (promise B2)."""


class PlaceMoveNotAllowed(Refused):
    """The place has ended or stands where this act is not possible."""


@transaction.atomic
def ensure_seat_counter(edition: Edition) -> SeatCounter:
    """Return the counter of an edition, made on first use with the capacity of the edition."""
    counter, _ = SeatCounter.objects.get_or_create(edition=edition, defaults={"capacity": edition.capacity})
    return counter


@transaction.atomic
def lock_seats(edition: Edition) -> SeatCounter:
    """Return the counter with its row locked: first in the lock order, before any place is read or made.

    It follows the capacity of the edition, which a new file may change, but never below the seats that are taken; an
    edition that was called off has no free seat. The edition is read after the lock: whoever changes it held the lock.
    """
    ensure_seat_counter(edition)
    counter = SeatCounter.objects.select_for_update(of=("self",)).get(edition=edition)
    counter.edition = Edition.objects.get(pk=edition.pk)
    wanted = counter.edition.capacity if counter.edition.called_off_at is None else 0
    capacity = max(wanted, counter.taken + counter.held)
    if counter.capacity != capacity:
        counter.capacity = capacity
        counter.save(update_fields=["capacity"])
    return counter


@transaction.atomic
def reserve_place(*, application: Application, now: datetime, actor: Actor) -> Place:
    """Take a seat for an admitted application and open the thread in which leaving is possible.

    The deadline for a refund is worked out from the start as it stands now, and kept.

    :raises NoSeatLeft: when every seat is taken.
    :raises chancery.domain.admissions.queries.terms.TermsNotFrozen: when the application was never sent.
    """
    counter = lock_seats(application.edition)
    ruling = may_reserve(taken=counter.taken + counter.held, capacity=counter.capacity)
    if not ruling:
        raise NoSeatLeft(ruling)
    terms, zone = frozen_rule(application), ZoneInfo(application.edition.time_zone)

    SeatCounter.objects.filter(pk=counter.pk).update(taken=F("taken") + 1)
    starts_on = application.edition.starts_on
    place = Place.objects.create(
        edition=application.edition,
        person_id=application.person_id,
        application=application,
        reserved_on=local_day(now, zone),
        starts_on_printed=starts_on,
        refundable_until=refundable_until(starts_on_printed=starts_on, starts_on=starts_on, terms=terms, zone=zone),
        thread=open_thread(about=ref(application), purpose=RESERVATION),
    )
    record(
        Event.PLACE_RESERVED,
        actor=actor,
        subject=place,
        now=now,
        facts={"application": application.pk, "refundable_until": place.refundable_until.isoformat()},
    )
    return place


@transaction.atomic
def guarantee_place(*, place_id: int, open_minor: int, actor: Actor, now: datetime) -> Place:
    """Make a place sure: nothing is left to pay. A place that is sure already stays as it is.

    ``open_minor`` is what the place still owes: its charge less what was received and allocated; zero for a waiver.

    :raises PlaceNotGuaranteed: when anything is still to be paid.
    :raises PlaceMoveNotAllowed: when the place has ended.
    """
    place = lock_place(place_id)
    ruling = may_guarantee(open_minor=open_minor)
    if not ruling:
        raise PlaceNotGuaranteed(ruling)
    if place.state == PlaceState.GUARANTEED:
        return place

    move_place(place, PlaceState.GUARANTEED)
    place.guaranteed_at = now
    place.save(update_fields=["state", "guaranteed_at"])
    record(Event.PLACE_GUARANTEED, actor=actor, subject=place, now=now)
    return place


@transaction.atomic
def make_place_unsure(*, place_id: int, reason: str, actor: Actor, now: datetime) -> Place:
    """Put a guaranteed place back to reserved because money was taken away; a place not sure stays as it is.

    :raises PlaceMoveNotAllowed: when the place has ended.
    """
    place = lock_place(place_id)
    if place.state == PlaceState.RESERVED:
        return place

    move_place(place, PlaceState.RESERVED)
    place.guaranteed_at = None
    place.save(update_fields=["state", "guaranteed_at"])
    record(Event.PLACE_UNSURE, actor=actor, subject=place, now=now, facts={"reason": reason})
    return place


@transaction.atomic
def lapse_place(*, place_id: int, reason: str, actor: Actor, now: datetime) -> Place:
    """Let an unpaid place go and free its seat.

    :raises PlaceMoveNotAllowed: when the place is guaranteed or has ended.
    """
    edition = Edition.objects.get(places=place_id)
    counter = lock_seats(edition)
    place = lock_place(place_id)
    move_place(place, PlaceState.LAPSED)
    place.save(update_fields=["state"])
    SeatCounter.objects.filter(pk=counter.pk).update(taken=F("taken") - 1)
    record(Event.PLACE_LAPSED, actor=actor, subject=place, now=now, facts={"reason": reason})
    return place


@transaction.atomic
def end_place(*, place_id: int, to: PlaceState, reason: str, actor: Actor, now: datetime) -> Place:
    """End a place and free its seat: cancelled, given up, moved to another edition, or cancelled by the organiser.

    What it cost is no longer its price: the bill stays, with what is credited of it.

    :raises PlaceMoveNotAllowed: when the place has ended or cannot end like that.
    """
    edition = Edition.objects.get(places=place_id)
    counter = lock_seats(edition)
    place = lock_place(place_id)
    move_place(place, to)
    place.guaranteed_at = None
    place.save(update_fields=["state", "guaranteed_at"])
    SeatCounter.objects.filter(pk=counter.pk).update(taken=F("taken") - 1)
    record(ENDED[to], actor=actor, subject=place, now=now, facts={"reason": reason})
    return place


@transaction.atomic
def move_refund_deadlines(*, edition: Edition) -> int:
    """Work out the refund deadline of each place that holds a seat anew after the dates moved; return how many moved.

    A deadline only ever becomes later (promise C3).
    """
    lock_seats(edition)
    zone, moved = ZoneInfo(edition.time_zone), 0
    held = Place.objects.select_for_update(of=("self",)).filter(edition=edition, state__in=HOLDS_A_SEAT)
    for place in held.select_related("application__terms").order_by("id"):
        until = refundable_until(
            starts_on_printed=place.starts_on_printed,
            starts_on=edition.starts_on,
            terms=frozen_rule(place.application),
            zone=zone,
        )
        if until > place.refundable_until:
            place.refundable_until = until
            place.save(update_fields=["refundable_until"])
            moved += 1
    return moved


@transaction.atomic
def lock_place(place_id: int) -> Place:
    """Load a place for changing it; after the seat counter and before any balance."""
    return (
        Place.objects.select_for_update(of=("self",))
        .select_related("edition", "person", "application__terms", "thread")
        .get(pk=place_id)
    )


def move_place(place: Place, to: PlaceState) -> None:
    """Set the state of a locked place; whoever calls saves it.

    :raises PlaceMoveNotAllowed: when no such move exists.
    """
    require_move(place, to)
    place.state = to


def require_move(place: Place, to: PlaceState) -> None:
    """Refuse, before anything is written, what a locked place cannot become.

    :raises PlaceMoveNotAllowed: when no such move exists.
    """
    ruling = may_move(PlaceState(place.state), to)
    if not ruling:
        raise PlaceMoveNotAllowed(ruling, f"place {place.pk} is {place.state}: it cannot become {to}")
