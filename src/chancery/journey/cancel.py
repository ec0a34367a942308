"""The step of leaving: a person makes a notice take effect; the place ends, one credit note, what is owed goes back.

One transaction: the seat is free, the bill is credited, the refund is proposed with its day, and the participant reads
it, or nothing of that happened. Lock order: seats, place, notice, then the balances of billing.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import PayerWords
from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.admissions.services import talking
from chancery.domain.admissions.states import Channel
from chancery.domain.billing.queries.payers import payer_of, second_payer_of
from chancery.domain.billing.states import CreditReason
from chancery.domain.enrollment.mails.notices import NoticeAnswer, notice_mail
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.enrollment.policies import ExitFacts, exit_rate, may_exit, withdrawal_until
from chancery.domain.enrollment.queries import billed_lines, contract_day, money_waiting_for
from chancery.domain.enrollment.services import notices
from chancery.domain.enrollment.services.notices import NoticeMoveNotAllowed
from chancery.domain.enrollment.services.places import (
    PlaceMoveNotAllowed,
    end_place,
    lock_place,
    lock_seats,
    require_move,
)
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeGround, NoticeState, NoticeWay, PlaceState
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import refund_due_on
from chancery.foundation.audit.actors import Actor
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.models import IncomingHandling
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, meet_obligation
from chancery.foundation.ruling import Refused, refusal
from chancery.journey.call_off import end_applications
from chancery.journey.correspond import our_answer_due
from chancery.journey.credit import CreditNotPossible, Settled, settle_leaving
from chancery.journey.notice import judge_place
from chancery.journey.offer import offer_after_leaving
from chancery.journey.owe import drop_promises

__all__ = [
    "CreditNotPossible",
    "ExitNotAllowed",
    "MoneyWaits",
    "NoticeMoveNotAllowed",
    "PlaceMoveNotAllowed",
    "accept_notice",
    "call_edition_off",
    "exit_facts",
    "give_up_place",
    "leave_by_right",
    "may_withdraw_until",
    "say_not_a_cancellation",
]


WITHDRAWAL_REFUND_DAYS = 14  # Directive 2011/83/EU, article 13


class ExitNotAllowed(Refused):
    """The right is not theirs, is over, or nothing shows what it rests on."""


class MoneyWaits(Refused):
    """Money that came in time waits at the bank desk: unbooked, it is no part of what the terms keep a share of."""


@transaction.atomic
def accept_notice(
    *, notice_id: int, seen_waiting: Collection[int] = (), actor: Actor, now: datetime
) -> CancellationNotice:
    """Make a valid notice take effect: the place is cancelled, and the share of the terms goes back (C3, C4).

    ``seen_waiting`` are the bank lines that a person saw waiting for the bill, and accepts all the same.

    :raises MoneyWaits: ``money_waits``, when another line waits for the bill: booked first, it counts as paid.
    :raises NoticeMoveNotAllowed: when it is not valid or was decided before.
    :raises CreditNotPossible: when the credit note lacks what it must say.
    """
    place = _lock(notice_id)
    notice = notices.decide_notice(notice_id=notice_id, to=NoticeState.EFFECTED, actor=actor, now=now)
    if any(line.pk not in seen_waiting for line in money_waiting_for(notice)):
        raise MoneyWaits(refusal("money_waits"))
    terms, zone = frozen_rule(place.application), ZoneInfo(place.edition.time_zone)
    due_on = refund_due_on(notice.counts_from, terms, zone)
    _end(place, PlaceState.CANCELLED, f"notice {notice.pk}", actor, now)
    settled = settle_leaving(
        place=place,
        counts_from=notice.counts_from,
        rate=notice.rate,
        due_on=due_on,
        reason=CreditReason.PLACE_CANCELLED,
        actor=actor,
        now=now,
    )
    _write_settled(notice, settled, due_on)
    meet_obligation(ObligationKind.CANCELLATION, subject=notice, now=now)
    queue_mail(notice_mail(notice, NoticeAnswer.EFFECTED), now=now)
    return notice


@transaction.atomic
def leave_by_right(
    *,
    place_id: int,
    ground: NoticeGround,
    way: NoticeWay = NoticeWay.OTHER,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> CancellationNotice:
    """End a place by another right than the reply of the terms: withdrawal, a refused visa, or by the organiser (C5).

    :raises ExitNotAllowed: ``no_private_payer``, ``withdrawal_over``, ``course_began`` or ``evidence_missing``.
    :raises chancery.domain.enrollment.services.places.PlaceMoveNotAllowed: when the place has ended.
    """
    edition = Edition.objects.get(places=place_id)
    lock_seats(edition)
    place = lock_place(place_id)
    terms, zone = frozen_rule(place.application), ZoneInfo(edition.time_zone)
    ruling = may_exit(ground, exit_facts(place), now=now, terms=terms, zone=zone)
    if not ruling:
        raise ExitNotAllowed(ruling)
    if ground is NoticeGround.VISA_REFUSED and not note.strip():
        raise ExitNotAllowed(refusal("evidence_missing"))
    by_us = ground is NoticeGround.ORGANISER
    to = PlaceState.ORGANISER_CANCELLED if by_us else PlaceState.CANCELLED
    require_move(place, to)  # an ended place has a notice already, and two take no effect
    rate = exit_rate(ground, terms)
    others_rate = _rate_of_a_cancellation(place, now) if ground is NoticeGround.WITHDRAWAL else rate
    notice = notices.keep_exit(place=place, ground=ground, rate=rate, way=way, note=note, actor=actor, now=now)
    _end(place, to, f"{ground}, notice {notice.pk}", actor, now)
    days = WITHDRAWAL_REFUND_DAYS if ground is NoticeGround.WITHDRAWAL else terms.refund_within_days
    due_on = local_day(now, zone) + timedelta(days=min(days, terms.refund_within_days))
    reason = CreditReason.ORGANISER_CANCELLED if by_us else CreditReason.PLACE_CANCELLED
    settled = settle_leaving(
        place=place,
        counts_from=now,
        rate=rate,
        others_rate=others_rate,
        due_on=due_on,
        reason=reason,
        actor=actor,
        now=now,
    )
    _write_settled(notice, settled, due_on)
    _close_open_notices(place, notice, now)
    queue_mail(notice_mail(notice, NoticeAnswer.EXIT), now=now)
    return notice


def call_edition_off(*, edition_id: int, note: str, actor: Actor, now: datetime) -> int:
    """End every place of an edition that the organiser does not hold; everything goes back. Return how many ended.

    Applications end first, so that nobody is offered what becomes free. A place at a time, so that a crash leaves each
    place whole: run again, it goes on where it stopped.
    """
    end_applications(edition_id=edition_id, note=note, actor=actor, now=now)
    ended = 0
    held = Place.objects.filter(edition=edition_id, state__in=HOLDS_A_SEAT).order_by("pk")
    for place_id in list(held.values_list("pk", flat=True)):
        with suppress(PlaceMoveNotAllowed):  # somebody ended it just now
            leave_by_right(place_id=place_id, ground=NoticeGround.ORGANISER, note=note, actor=actor, now=now)
            ended += 1
    return ended


def exit_facts(place: Place) -> ExitFacts:
    """Return what decides about the other rights to leave a place: who is billed counts, else who is to pay."""
    payer, lines = payer_of(place.application), billed_lines(place)
    second = second_payer_of(place.application)
    named = {payer.kind if payer else "", second.payer.kind if second else ""}
    kinds = {line.invoice.party.kind for line in lines} or named
    return ExitFacts(
        contract_on=contract_day(place),
        starts_on=place.edition.starts_on,
        private_payer=PayerWords.Kind.PERSON in kinds,
    )


def _rate_of_a_cancellation(place: Place, now: datetime) -> Decimal:
    """Return the share that a cancellation would bring now: a body that shares the fee has no right of withdrawal."""
    judgement = judge_place(place, received_at=now).judgement
    return judgement.rate if judgement.accepted else Decimal(0)


def may_withdraw_until(place: Place) -> datetime | None:
    """Return until when a place may be left by the right of withdrawal; None where there is no such right."""
    zone = ZoneInfo(place.edition.time_zone)
    return withdrawal_until(exit_facts(place), terms=frozen_rule(place.application), zone=zone)


@transaction.atomic
def give_up_place(*, notice_id: int, because: str, actor: Actor, now: datetime) -> CancellationNotice:
    """Record that a person who wrote too late gives the seat up: it is free, nothing is refunded (promise C3).

    What is unpaid stays due.

    :raises NoticeMoveNotAllowed: when the notice is not late or was decided before.
    """
    place = _lock(notice_id)
    notice = notices.decide_notice(notice_id=notice_id, to=NoticeState.GIVEN_UP, because=because, actor=actor, now=now)
    _end(place, PlaceState.GIVEN_UP, f"notice {notice.pk}", actor, now)
    notices.write_effect(notice=notice, paid_minor=notice.paid_minor)
    queue_mail(notice_mail(notice, NoticeAnswer.GIVEN_UP), now=now)
    return notice


@transaction.atomic
def say_not_a_cancellation(*, notice_id: int, because: str, actor: Actor, now: datetime) -> CancellationNotice:
    """Record that a message was no cancellation: nothing changes, and its words go into the dialogue for an answer.

    :raises NoticeMoveNotAllowed: when it was decided before.
    """
    _lock(notice_id)
    notice = notices.decide_notice(notice_id=notice_id, to=NoticeState.NOT_ONE, because=because, actor=actor, now=now)
    drop_obligation(ObligationKind.CANCELLATION, subject=notice, now=now)
    words = IncomingHandling.objects.filter(mail=notice.mail).first() if notice.mail else None
    if notice.mail and words and words.own_text.strip():
        talking.receive_message(
            application_id=notice.place.application_id,
            text=words.own_text,
            channel=Channel.MAIL,
            answer_due_at=our_answer_due(notice.place.edition, now=now),
            incoming_mail_id=notice.mail.pk,
            actor=actor,
            now=now,
        )
    return notice


def _end(place: Place, to: PlaceState, reason: str, actor: Actor, now: datetime) -> None:
    """End a place; what was promised about its fee and its bill applies no more."""
    end_place(place_id=place.pk, to=to, reason=reason, actor=actor, now=now)
    drop_promises(place=place, now=now)
    if to is not PlaceState.ORGANISER_CANCELLED:
        offer_after_leaving(edition=place.edition, actor=actor, now=now)


def _write_settled(notice: CancellationNotice, settled: Settled, due_on: date) -> None:
    notices.write_effect(
        notice=notice,
        paid_minor=settled.paid_minor,
        refund_minor=settled.refund_minor,
        besides_minor=settled.besides_minor,
        refund_due_on=due_on if settled.refund_minor or settled.besides_minor else None,
        credit_notes=settled.credit_notes,
    )


def _close_open_notices(place: Place, notice: CancellationNotice, now: datetime) -> None:
    """Put a notice that still waits beside the exit that ended its place."""
    waiting = notices.open_notice_of(place)
    if waiting is not None:
        notices.put_beside(notice=waiting, other=notice)
        drop_obligation(ObligationKind.CANCELLATION, subject=waiting, now=now)


def _lock(notice_id: int) -> Place:
    place = Place.objects.select_related("edition").get(notices=notice_id)
    lock_seats(place.edition)
    return lock_place(place.pk)
