"""The step of substitution: a participant names a colleague, the colleague says yes, the office hands the place over.

One transaction hands over: the colleague has a file and a place with the same seat, price, money and deadline, and the
first place is substituted, or nothing of that happened. Lock order: seats, place, wish. (Promise C5.)
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.admissions.services.applying import own_file
from chancery.domain.admissions.services.substituting import Colleague, HasAFile, admit_substitute
from chancery.domain.billing.queries.exceptions import get_open_exception
from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.mails.substitutes import (
    place_taken_over_mail,
    substitute_asked_mail,
    substitute_refused_mail,
)
from chancery.domain.enrollment.models import Place, Substitution
from chancery.domain.enrollment.policies.substituting import SubstitutionFacts, may_name, may_substitute
from chancery.domain.enrollment.queries import current_charges, open_choice, open_substitution
from chancery.domain.enrollment.services import substituting
from chancery.domain.enrollment.services.notices import open_notice_of
from chancery.domain.enrollment.services.places import lock_place, lock_seats
from chancery.domain.enrollment.services.substituting import SubstitutionMoveNotAllowed
from chancery.domain.enrollment.states import HOLDS_A_SEAT, PlaceState, SubstitutionState
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.addresses import address_of
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.services import account_for, person_for
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.services import open_thread, queue_mail
from chancery.foundation.ruling import Refused, Ruling, refusal
from chancery.journey.correspond import dialogue_of
from chancery.journey.owe import hand_on_promises
from chancery.journey.succeed import make_sure

__all__ = [
    "Colleague",
    "HasAFile",
    "SubstitutionMoveNotAllowed",
    "SubstitutionNotAllowed",
    "confirm_substitution",
    "drop_substitution",
    "hand_over",
    "name_substitute",
    "naming_ruling",
    "refuse_substitution",
    "substitution_ruling",
]

SUBSTITUTION = "substitution"


class SubstitutionNotAllowed(Refused):
    """The place ended, it is too late, or something about the place is still open."""


def substitution_ruling(place: Place, *, now: datetime) -> Ruling:
    """Say whether a colleague may take the place over, with what stands in the way."""
    return may_substitute(
        _facts(place), now=now, terms=frozen_rule(place.application), zone=ZoneInfo(place.edition.time_zone)
    )


def naming_ruling(place: Place, *, now: datetime) -> Ruling:
    """Say whether a participant may name somebody for the place now."""
    return may_name(
        _facts(place), now=now, terms=frozen_rule(place.application), zone=ZoneInfo(place.edition.time_zone)
    )


@transaction.atomic
def name_substitute(*, place_id: int, email: str, name: str, actor: Actor, now: datetime) -> Substitution:
    """Name a colleague for a place and ask them by mail; named twice, the first one stays.

    :raises SubstitutionNotAllowed: with what stands in the way, or ``same_person``.
    :raises HasAFile: when the colleague has an application in this edition.
    :raises NotAnAddress: when the address is none.
    """
    email = address_of(email)
    place = _lock(place_id)
    wish = open_substitution(place)
    if wish is not None:
        return wish
    _require(naming_ruling(place, now=now))
    if email == place.person.email:
        raise SubstitutionNotAllowed(refusal("same_person"))
    known = User.objects.filter(email=email, person__isnull=False).select_related("person").first()
    if known is not None and own_file(place.edition, known.person) is not None:
        raise HasAFile(refusal("has_a_file"))
    wish = substituting.name_substitute(place_id=place_id, email=email, name=name, actor=actor, now=now)
    # A conversation of its own: the address of the other one would let the colleague write as the participant.
    queue_mail(substitute_asked_mail(wish, thread=open_thread(about=ref(wish), purpose=SUBSTITUTION)), now=now)
    return wish


@transaction.atomic
def confirm_substitution(*, substitution_id: int, colleague: Colleague, actor: Actor, now: datetime) -> Substitution:
    """Keep the colleague's yes, with their names and post; confirmed twice, the first yes stays.

    :raises SubstitutionNotAllowed: with what stands in the way.
    :raises SubstitutionMoveNotAllowed: when the wish was decided or taken back.
    """
    wish = _lock_wish(substitution_id)
    if wish.state == SubstitutionState.CONFIRMED:
        return wish
    _require(substitution_ruling(wish.place, now=now))
    wish.name, wish.latin_name, wish.post = colleague.name, colleague.latin_name, colleague.post
    return substituting.move_substitution(substitution=wish, to=SubstitutionState.CONFIRMED, actor=actor, now=now)


@transaction.atomic
def drop_substitution(*, substitution_id: int, by_colleague: bool, actor: Actor, now: datetime) -> Substitution:
    """End the wish because the colleague says no, or the participant takes it back: the place stays as it is.

    :raises SubstitutionMoveNotAllowed: when it was decided before.
    """
    to = SubstitutionState.DECLINED if by_colleague else SubstitutionState.TAKEN_BACK
    wish = _lock_wish(substitution_id)
    substituting.move_substitution(substitution=wish, to=to, actor=actor, now=now)
    if by_colleague:
        queue_mail(substitute_refused_mail(wish, thread=dialogue_of(wish.place.application)), now=now)
    return wish


@transaction.atomic
def refuse_substitution(*, substitution_id: int, because: str, actor: Actor, now: datetime) -> Substitution:
    """Refuse a colleague with a reason that the participant reads: the place stays as it is.

    :raises SubstitutionMoveNotAllowed: when it was decided before.
    """
    wish = _lock_wish(substitution_id)
    substituting.move_substitution(
        substitution=wish,
        to=SubstitutionState.REFUSED,
        because=because,
        by_office=True,
        actor=actor,
        now=now,
    )
    queue_mail(substitute_refused_mail(wish, thread=dialogue_of(wish.place.application)), now=now)
    return wish


@transaction.atomic
def hand_over(*, substitution_id: int, actor: Actor, now: datetime) -> Place:
    """Hand the place over to the colleague who said yes, and tell both; handed over twice, it is the same place.

    :raises SubstitutionNotAllowed: with what stands in the way.
    :raises SubstitutionMoveNotAllowed: when the colleague has not said yes, or the wish was decided otherwise.
    :raises HasAFile: when the colleague has an application in this edition by now.
    """
    wish = _lock_wish(substitution_id)
    if wish.successor is not None:
        return wish.successor
    place, was_sure = wish.place, wish.place.state == PlaceState.GUARANTEED
    _require(substitution_ruling(place, now=now))
    if wish.state != SubstitutionState.CONFIRMED:
        raise SubstitutionMoveNotAllowed(refusal("move_not_allowed"))

    person = person_for(user=account_for(email=wish.email, language=place.person.language), now=now)
    colleague = Colleague(name=wish.name, latin_name=wish.latin_name, post=wish.post)
    application = admit_substitute(
        instead_of=place.application, person=person, colleague=colleague, actor=actor, now=now
    )
    successor = substituting.hand_over_place(place=place, application=application, actor=actor, now=now)
    wish.successor = successor
    substituting.move_substitution(substitution=wish, to=SubstitutionState.DONE, by_office=True, actor=actor, now=now)
    hand_on_promises(place=place, successor=successor, now=now)
    queue_mail(place_taken_over_mail(wish, thread=dialogue_of(place.application)), now=now)
    queue_mail(place_reserved_mail(successor, now=now), now=now)
    if was_sure:
        make_sure(place=successor, actor=actor, now=now)
    return successor


def _facts(place: Place) -> SubstitutionFacts:
    return SubstitutionFacts(
        holds_seat=place.state in HOLDS_A_SEAT,
        starts_on=place.edition.starts_on,
        notice_waits=open_notice_of(place) is not None,
        fee_open=not current_charges(place) or get_open_exception(place.application) is not None,
        choice_open=open_choice(place) is not None,
        named_before=place.substitutions.count(),
    )


def _require(ruling: Ruling) -> None:
    if not ruling:
        raise SubstitutionNotAllowed(ruling)


def _lock(place_id: int) -> Place:
    lock_seats(Edition.objects.get(places=place_id))
    return lock_place(place_id)


def _lock_wish(substitution_id: int) -> Substitution:
    place_id = Substitution.objects.values_list("place_id", flat=True).get(pk=substitution_id)
    place = _lock(place_id)
    wish = substituting.lock_substitution(substitution_id)
    wish.place = place
    return wish
