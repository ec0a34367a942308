"""The step of choosing when an edition is not held: a place in the next one, or everything back (promise C5).

One transaction moves a place: the file and the place in the next edition with the same price, bill and money, and the
first place moved, or nothing of that happened. Whoever says nothing in time gets the money back. Lock order: seats of
both editions by id, place, choice.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from chancery.domain.admissions.services.substituting import HasAFile, carry_over
from chancery.domain.billing.queries.exceptions import get_open_exception
from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.mails.choices import CHOICE_DUE, choice_asked_mail, choice_due_mail, place_moved_mail
from chancery.domain.enrollment.models import EditionChoice, Place
from chancery.domain.enrollment.policies.choosing import ChoiceFacts, may_take_next
from chancery.domain.enrollment.queries import current_charges, list_choices_due, list_choices_over
from chancery.domain.enrollment.services import choosing
from chancery.domain.enrollment.services.charges import hand_on_charge
from chancery.domain.enrollment.services.choosing import ChoiceOver
from chancery.domain.enrollment.services.notices import open_notice_of
from chancery.domain.enrollment.services.places import NoSeatLeft, end_place, lock_place, lock_seats, reserve_place
from chancery.domain.enrollment.states import HOLDS_A_SEAT, ChoiceState, NoticeGround, PlaceState
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import list_editions_after
from chancery.foundation.audit.actors import SYSTEM, Actor, on_wish_of
from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import is_by, last_second_of, local_day
from chancery.foundation.mail.queries import told_of
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import Refused, Ruling, refusal
from chancery.journey.call_off import end_applications
from chancery.journey.cancel import leave_by_right
from chancery.journey.correspond import dialogue_of
from chancery.journey.owe import hand_on_promises
from chancery.journey.succeed import make_sure

__all__ = [
    "CannotTakeNextEdition",
    "ChoiceOver",
    "HasAFile",
    "NoSeatLeft",
    "NotToBeAsked",
    "ask_everybody",
    "choices_are_over",
    "choosing_ruling",
    "close_choices",
    "remind_to_choose",
    "take_money_back",
    "take_next_edition",
]

REMIND_BEFORE = timedelta(days=3)
log = structlog.get_logger(__name__)


class NotToBeAsked(Refused):
    """The other edition is no later one, or the day to answer by has passed or is not before it begins."""


class CannotTakeNextEdition(Refused):
    """The choice is over, or something about the place is still open."""


def ask_everybody(*, edition_id: int, target_id: int, answer_by: date, note: str, actor: Actor, now: datetime) -> int:
    """Ask everybody who holds a place what they choose; return how many were asked.

    Applications that are no places end first. A place at a time, so that a crash leaves each place whole: run again, it
    goes on where it stopped.

    :raises NotToBeAsked: ``no_later_edition`` or ``answer_day_wrong``.
    """
    edition = Edition.objects.get(pk=edition_id)
    target = (
        list_editions_after(edition, today=local_day(now, ZoneInfo(edition.time_zone))).filter(pk=target_id).first()
    )
    if target is None:
        raise NotToBeAsked(refusal("no_later_edition"))
    until = last_second_of(answer_by, ZoneInfo(edition.time_zone))
    if not is_by(now, until) or answer_by >= target.starts_on:
        raise NotToBeAsked(refusal("answer_day_wrong"))
    end_applications(edition_id=edition_id, note=note, actor=actor, now=now)
    held = Place.objects.filter(edition=edition, state__in=HOLDS_A_SEAT).order_by("pk")
    ids = list(held.values_list("pk", flat=True))
    return sum(_ask(place_id, target, until, note, actor, now) for place_id in ids)


@transaction.atomic
def take_next_edition(*, place_id: int, actor: Actor, now: datetime) -> Place:
    """Move a place to the next edition with its price, its bill and its money; chosen twice, it is the same place.

    :raises CannotTakeNextEdition: with what stands in the way.
    :raises NoSeatLeft: when the next edition is full; the choice stays open.
    :raises HasAFile: when they have an application there.
    """
    place, choice = _lock(place_id)
    if choice.successor is not None:
        return choice.successor
    ruling = choosing_ruling(place, choice, now=now)
    if not ruling:
        raise CannotTakeNextEdition(ruling)
    was_sure = place.state == PlaceState.GUARANTEED
    application = carry_over(application=place.application, edition=choice.target, actor=actor, now=now)
    successor = reserve_place(application=application, now=now, actor=actor)
    hand_on_charge(place=place, successor=successor)
    end_place(place_id=place.pk, to=PlaceState.MOVED, reason=f"choice {choice.pk}", actor=actor, now=now)
    choosing.make_choice(choice=choice, to=ChoiceState.NEXT_EDITION, successor=successor, actor=actor, now=now)
    hand_on_promises(place=place, successor=successor, now=now)
    queue_mail(place_moved_mail(choice, thread=dialogue_of(place.application)), now=now)
    queue_mail(place_reserved_mail(successor, now=now), now=now)
    if was_sure:
        make_sure(place=successor, actor=actor, now=now)
    return successor


@transaction.atomic
def take_money_back(*, place_id: int, actor: Actor, now: datetime) -> EditionChoice:
    """End a place because its holder wants the money: everything goes back; chosen twice, nothing more happens.

    :raises ChoiceOver: when the next edition was chosen, or the place ended otherwise.
    """
    place, choice = _lock(place_id)
    if choice.state == ChoiceState.MONEY_BACK:
        return choice
    if place.state not in HOLDS_A_SEAT:
        raise ChoiceOver(refusal("choice_over"))
    choosing.make_choice(choice=choice, to=ChoiceState.MONEY_BACK, actor=actor, now=now)
    leave_by_right(place_id=place_id, ground=NoticeGround.ORGANISER, note=choice.note, actor=actor, now=now)
    return choice


def close_choices(*, now: datetime) -> int:
    """Give the money back to whoever did not choose in time; return how many choices were closed.

    One that cannot be closed, because its credit note lacks something, holds nobody else up: it is tried again.
    """
    closed = 0
    for place_id in list(list_choices_over(now=now).values_list("place", flat=True)):
        try:
            _close(place_id, now)
        except ChoiceOver:
            continue  # somebody chose just now
        except Refused as no:
            log.warning("choice not closed", place=place_id, reasons=no.ruling.reasons)
        else:
            closed += 1
    return closed


@transaction.atomic
def remind_to_choose(*, now: datetime) -> int:
    """Remind each holder once who has not chosen and has a few days left; return how many reminders are new.

    Who was asked only just before is not reminded.
    """
    due = list_choices_due(before=now + REMIND_BEFORE, asked_before=now - REMIND_BEFORE, now=now)
    told = told_of(CHOICE_DUE, [ref(choice.place) for choice in due])
    new = [choice for choice in due if ref(choice.place) not in told]
    for choice in new:
        queue_mail(choice_due_mail(choice, thread=dialogue_of(choice.place.application)), now=now)
    return len(new)


def choices_are_over(*, now: datetime) -> bool:
    """Say whether a choice has ended that nobody made."""
    return list_choices_over(now=now).exists()


def choosing_ruling(place: Place, choice: EditionChoice, *, now: datetime) -> Ruling:
    """Say whether a place may move to the next edition now."""
    today = local_day(now, ZoneInfo(choice.target.time_zone))
    facts = ChoiceFacts(
        holds_seat=place.state in HOLDS_A_SEAT,
        answered=choice.state != ChoiceState.ASKED,
        answer_by=choice.answer_by,
        notice_waits=open_notice_of(place) is not None,
        fee_open=not current_charges(place) or get_open_exception(place.application) is not None,
        begun=choice.target.starts_on <= today,
    )
    return may_take_next(facts, now=now)


@transaction.atomic
def _ask(place_id: int, target: Edition, until: datetime, note: str, actor: Actor, now: datetime) -> bool:
    place = lock_place(place_id)
    if place.state not in HOLDS_A_SEAT:
        return False
    choice, is_new = choosing.ask_choice(place=place, target=target, answer_by=until, note=note, actor=actor, now=now)
    if is_new:
        queue_mail(choice_asked_mail(choice, thread=dialogue_of(place.application)), now=now)
    return is_new


@transaction.atomic
def _close(place_id: int, now: datetime) -> None:
    place, choice = _lock(place_id)
    if place.state in HOLDS_A_SEAT:
        take_money_back(place_id=place_id, actor=on_wish_of(choice.asked_by_id), now=now)
    else:
        choosing.make_choice(choice=choice, to=ChoiceState.LEFT, actor=SYSTEM, now=now)


def _lock(place_id: int) -> tuple[Place, EditionChoice]:
    editions = Edition.objects.filter(places=place_id) | Edition.objects.filter(choices__place=place_id)
    for edition in editions.distinct().order_by("pk"):
        lock_seats(edition)
    place = lock_place(place_id)
    choice = choosing.lock_choice(place_id)
    choice.place = place
    return place, choice
