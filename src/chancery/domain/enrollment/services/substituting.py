"""Keep who shall take a place over, and hand it over: seat, price and deadline go along, nothing is freed or taken."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.enrollment.models import Place, Substitution
from chancery.domain.enrollment.services.charges import hand_on_charge
from chancery.domain.enrollment.services.places import RESERVATION, lock_place, move_place
from chancery.domain.enrollment.states import SUBSTITUTION_MOVES, PlaceState, SubstitutionState
from chancery.foundation.accounts.addresses import address_of
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import ref
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import open_thread
from chancery.foundation.ruling import Refused, refusal

EVENTS = {
    SubstitutionState.CONFIRMED: Event.SUBSTITUTE_CONFIRMED,
    SubstitutionState.REFUSED: Event.SUBSTITUTE_REFUSED,
    SubstitutionState.DECLINED: Event.SUBSTITUTE_DROPPED,
    SubstitutionState.TAKEN_BACK: Event.SUBSTITUTE_DROPPED,
    SubstitutionState.DONE: Event.PLACE_SUBSTITUTED,
}


class SubstitutionMoveNotAllowed(Refused):
    """The wish was decided before, or stands where this act is not possible."""


@transaction.atomic
def name_substitute(*, place_id: int, email: str, name: str, actor: Actor, now: datetime) -> Substitution:
    """Keep whom the participant named; the database refuses a second one while nobody has decided about the first."""
    place = lock_place(place_id)
    wish = Substitution.objects.create(place=place, email=address_of(email), name=name, proposed_at=now)
    record(Event.SUBSTITUTE_NAMED, actor=actor, subject=wish, now=now, facts={"place": place.pk})
    return wish


@transaction.atomic
def lock_substitution(substitution_id: int) -> Substitution:
    """Load a wish for changing it; after its place."""
    rows = Substitution.objects.select_for_update(of=("self",))
    return rows.select_related("place__edition__programme", "place__person", "place__application").get(
        pk=substitution_id
    )


@transaction.atomic
def move_substitution(
    *,
    substitution: Substitution,
    to: SubstitutionState,
    because: str = "",
    by_office: bool = False,
    actor: Actor,
    now: datetime,
) -> Substitution:
    """Move a locked wish on; a decision of the office names who decided, and a refusal says why.

    :raises SubstitutionMoveNotAllowed: when it was decided before.
    """
    if to not in SUBSTITUTION_MOVES[SubstitutionState(substitution.state)]:
        raise SubstitutionMoveNotAllowed(
            refusal("move_not_allowed"), f"substitution {substitution.pk} is {substitution.state}"
        )
    substitution.state, substitution.because = to, because
    if to is SubstitutionState.CONFIRMED:
        substitution.confirmed_at = now
    else:
        substitution.decided_at = now
        substitution.decided_by_id = actor.user_id if by_office else None
    substitution.save()
    facts = {"because": because} if because else {}
    record(EVENTS[to], actor=actor, subject=substitution, now=now, facts=facts)
    return substitution


@transaction.atomic
def hand_over_place(*, place: Place, application: Application, actor: Actor, now: datetime) -> Place:
    """Make the locked place a colleague's: a place of their own with the same seat, price and refund deadline.

    It has a thread of its own, in which only the new participant can leave.

    :raises chancery.domain.enrollment.services.places.PlaceMoveNotAllowed: when the place has ended.
    """
    move_place(place, PlaceState.SUBSTITUTED)
    place.guaranteed_at = None
    place.save(update_fields=["state", "guaranteed_at"])
    successor = Place.objects.create(
        edition=place.edition,
        person_id=application.person_id,
        application=application,
        reserved_on=local_day(now, ZoneInfo(place.edition.time_zone)),
        starts_on_printed=place.starts_on_printed,
        refundable_until=place.refundable_until,
        thread=open_thread(about=ref(application), purpose=RESERVATION),
    )
    facts = {"application": application.pk, "instead_of": place.pk}
    record(Event.PLACE_RESERVED, actor=actor, subject=successor, now=now, facts=facts)
    hand_on_charge(place=place, successor=successor)
    return successor
