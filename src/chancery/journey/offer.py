"""The step of passing a free seat on: offered down the waiting list in order, to one person at a time (A10).

An offered seat is held, so that no decision gives it to somebody else. Lock order: seats, application, waiting entry.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.moving import MoveNotAllowed, lock_application
from chancery.domain.admissions.services.offering import answer_offer, open_offer
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.mails.offers import OfferAnswer, offer_mail
from chancery.domain.enrollment.models import Place, WaitingEntry
from chancery.domain.enrollment.queries import list_offers_over, list_waiting
from chancery.domain.enrollment.services.places import NoSeatLeft, lock_seats, reserve_place
from chancery.domain.enrollment.services.waiting import hold_seat, leave_waiting_list, prolong_offer
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.calendar import is_by, local_day, working_day_after
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, meet_obligation, open_obligation
from chancery.foundation.ruling import Refused, refusal
from chancery.journey.bill import bill_places
from chancery.journey.correspond import dialogue_of

__all__ = [
    "MoveNotAllowed",
    "NoSeatLeft",
    "OfferOver",
    "accept_offer",
    "extend_offer",
    "lapse_offers",
    "offer_after_leaving",
    "offer_free_seats",
    "offers_are_over",
    "pass_offer",
]

CLOSES_AT = time(18, 0)  # in the zone of the edition, so that nobody has to answer at night


class OfferOver(Refused):
    """The offer has ended or was answered before."""


@transaction.atomic
def offer_free_seats(*, edition_id: int, actor: Actor, now: datetime) -> int:
    """Offer each free seat to whoever waits longest; return how many offers went out. None once the course began.

    Two at once: the seats are locked, so that the second one finds them held.
    """
    edition = Edition.objects.select_related("programme").get(pk=edition_id)
    counter = lock_seats(edition)
    if local_day(now, ZoneInfo(edition.time_zone)) >= edition.starts_on:
        return 0
    free = counter.capacity - counter.taken - counter.held
    waiting = list(list_waiting(edition).filter(offered_until=None)[: max(free, 0)])
    for entry in waiting:
        _offer(entry, edition, actor, now)
    return len(waiting)


@transaction.atomic
def offer_after_leaving(*, edition: Edition, actor: Actor, now: datetime) -> int:
    """Offer a seat that became free, where the edition wants that without a person."""
    if not get_content(edition).waiting_list.automatic:
        return 0
    return offer_free_seats(edition_id=edition.pk, actor=actor, now=now)


@transaction.atomic
def accept_offer(*, application_id: int, actor: Actor, now: datetime) -> Place:
    """Take an offered seat: admitted, reserved, told and billed at once, as by any admission.

    :raises OfferOver: when the offer has ended or was answered before.
    """
    application, entry = _locked(application_id)
    if entry.offered_until is None or not is_by(now, entry.offered_until):
        raise OfferOver(refusal("offer_over"))
    leave_waiting_list(application=application, actor=actor, now=now)
    answer_offer(application=application, to=ApplicationState.ADMITTED, actor=actor, now=now)
    meet_obligation(ObligationKind.OFFER, subject=application, now=now)
    place = reserve_place(application=application, now=now, actor=actor)
    queue_mail(place_reserved_mail(place, now=now), now=now)
    bill_places(places=[place], actor=actor, now=now)
    return place


@transaction.atomic
def pass_offer(*, application_id: int, actor: Actor, now: datetime) -> Application:
    """Let an offered seat go to the next one.

    :raises OfferOver: when the offer has ended or was answered before.
    """
    application, entry = _locked(application_id)
    if entry.offered_until is None:
        raise OfferOver(refusal("offer_over"))
    return _let_go(application, OfferAnswer.PASSED, actor, now)


def lapse_offers(*, now: datetime) -> int:
    """Let each offer lapse that nobody answered in time, and offer the seat to the next one; return how many."""
    lapsed = 0
    for application_id in list(list_offers_over(now=now).values_list("application", flat=True)):
        with transaction.atomic():
            application, entry = _locked(application_id)
            until = entry.offered_until
            if entry.left_at is None and until is not None and not is_by(now, until):
                _let_go(application, OfferAnswer.LAPSED, SYSTEM, now)
                lapsed += 1
    return lapsed


def offers_are_over(*, now: datetime) -> bool:
    """Say whether an offer has ended that nobody answered."""
    return list_offers_over(now=now).exists()


@transaction.atomic
def extend_offer(*, application_id: int, until: date, reason: str, actor: Actor, now: datetime) -> WaitingEntry:
    """Give somebody more days to answer an offer.

    :raises OfferOver: ``offer_over``, ``not_later`` or ``reason_missing``.
    """
    application, entry = _locked(application_id)
    end = _end_of(until, application.edition)
    if entry.offered_until is None:
        raise OfferOver(refusal("offer_over"))
    if end <= max(entry.offered_until, now):
        raise OfferOver(refusal("not_later"))
    if not reason.strip():
        raise OfferOver(refusal("reason_missing"))
    prolong_offer(entry=entry, until=end, reason=reason, actor=actor, now=now)
    drop_obligation(ObligationKind.OFFER, subject=application, now=now)
    _promise(application, end, now)
    _tell(entry, OfferAnswer.OFFERED, now)
    return entry


def _offer(entry: WaitingEntry, edition: Edition, actor: Actor, now: datetime) -> None:
    zone = ZoneInfo(edition.time_zone)
    day = working_day_after(local_day(now, zone), get_content(edition).waiting_list.offer_days)
    until = min(_end_of(day, edition), _end_of(edition.starts_on - timedelta(days=1), edition))
    application = open_offer(application_id=entry.application_id, actor=actor, now=now)
    hold_seat(entry=entry, until=until)
    _promise(application, until, now)
    _tell(entry, OfferAnswer.OFFERED, now)


def _let_go(application: Application, answer: OfferAnswer, actor: Actor, now: datetime) -> Application:
    entry = application.waiting
    leave_waiting_list(application=application, actor=actor, now=now)
    answer_offer(application=application, to=ApplicationState.LAPSED, actor=actor, now=now)
    drop_obligation(ObligationKind.OFFER, subject=application, now=now)
    _tell(entry, answer, now)
    offer_free_seats(edition_id=application.edition_id, actor=SYSTEM, now=now)
    return application


def _locked(application_id: int) -> tuple[Application, WaitingEntry]:
    edition = Edition.objects.get(applications=application_id)
    lock_seats(edition)
    application = lock_application(application_id)
    entry = WaitingEntry.objects.filter(application=application).first()
    if entry is None or application.state != ApplicationState.OFFERED:
        raise OfferOver(refusal("offer_over"))
    return application, entry


def _end_of(day: date, edition: Edition) -> datetime:
    return datetime.combine(day, CLOSES_AT, ZoneInfo(edition.time_zone))


def _promise(application: Application, until: datetime, now: datetime) -> None:
    open_obligation(
        ObligationKind.OFFER, subject=application, due_at=until, basis="promise A10: an offer has its end", now=now
    )


def _tell(entry: WaitingEntry, answer: OfferAnswer, now: datetime) -> None:
    thread = dialogue_of(entry.application)
    queue_mail(offer_mail(entry, answer, thread=thread), now=now)
