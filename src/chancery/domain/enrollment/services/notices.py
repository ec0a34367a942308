"""Keep cancellation notices: what came, what was found in it, and what a person decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.billing.models import Invoice
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.enrollment.policies import Judgement, may_move_notice
from chancery.domain.enrollment.readers import Found, missing_in
from chancery.domain.enrollment.states import (
    NOTICE_WAITS,
    NoticeChannel,
    NoticeGround,
    NoticeState,
    NoticeWay,
)
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.mail.models import IncomingMail
from chancery.foundation.ruling import Refused


class NoticeMoveNotAllowed(Refused):
    """The notice was decided before, or stands where this act is not possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as it came; ``mail`` is None where it was no mail."""

    channel: NoticeChannel
    way: NoticeWay
    received_at: datetime
    mail: IncomingMail | None = None
    note: str = ""


@transaction.atomic
def open_notice_of(place: Place) -> CancellationNotice | None:
    """Return the notice of a place that waits for the writer or for us, locked; None without one."""
    waiting = CancellationNotice.objects.select_for_update(of=("self",)).filter(place=place, state__in=NOTICE_WAITS)
    return waiting.order_by("pk").first()


@transaction.atomic
def keep_notice(
    *,
    place: Place,
    received: Received,
    state: NoticeState,
    found: Sequence[Found] = (),
    judged: Judgement | None = None,
    paid_minor: int = 0,
    follows: CancellationNotice | None = None,
    actor: Actor = SYSTEM,
    now: datetime,
) -> CancellationNotice:
    """Keep a message with what was found in it and how it was judged."""
    notice = CancellationNotice.objects.create(
        place=place,
        mail=received.mail,
        channel=received.channel,
        way=received.way,
        note=received.note.strip()[:1000],
        received_at=received.received_at,
        counts_from=received.received_at,
        completes=follows,
        found=found_as_json(found),
        missing=list(missing_in(found)),
        state=state,
        currency=currency_of(place),
    )
    if judged:
        _write_judgement(notice, judged, paid_minor)
    _record(Event.NOTICE_RECEIVED, notice, actor, now)
    return notice


@transaction.atomic
def keep_exit(
    *, place: Place, ground: NoticeGround, rate: Decimal, way: NoticeWay, note: str, actor: Actor, now: datetime
) -> CancellationNotice:
    """Keep that a place ends by another right than the reply of the terms; whoever asks for it has decided it."""
    notice = CancellationNotice.objects.create(
        place=place,
        channel=NoticeChannel.OTHER,
        way=way,
        ground=ground,
        rate=rate,
        note=note.strip()[:1000],
        received_at=now,
        counts_from=now,
        state=NoticeState.EFFECTED,
        currency=currency_of(place),
        decided_by_id=actor.user_id,
        decided_at=now,
    )
    _record(Event.NOTICE_DECIDED, notice, actor, now)
    return notice


@transaction.atomic
def complete_notice(
    *,
    notice: CancellationNotice,
    state: NoticeState,
    found: Sequence[Found],
    judged: Judgement,
    paid_minor: int,
    counts_from: datetime,
    now: datetime,
) -> CancellationNotice:
    """Judge an incomplete notice again with what a later letter added; the caller holds it locked.

    :raises NoticeMoveNotAllowed: when it waits for nothing any more.
    """
    if state != notice.state:
        _move(notice, state)
    notice.found, notice.missing = found_as_json(found), list(missing_in(found))
    notice.counts_from = counts_from
    _write_judgement(notice, judged, paid_minor)
    _record(Event.NOTICE_RECEIVED, notice, SYSTEM, now)
    return notice


@transaction.atomic
def decide_notice(
    *, notice_id: int, to: NoticeState, because: str = "", actor: Actor, now: datetime
) -> CancellationNotice:
    """Write down what a person decided about a notice; the place is locked before it.

    :raises NoticeMoveNotAllowed: when it was decided before or cannot become that.
    """
    rows = CancellationNotice.objects.select_for_update(of=("self",)).select_related("place__edition", "mail")
    notice = rows.get(pk=notice_id)
    _move(notice, to)
    notice.decided_by_id, notice.decided_at = actor.user_id, now
    notice.decided_because = because.strip()[:300]
    notice.save()
    _record(Event.NOTICE_DECIDED, notice, actor, now)
    return notice


@transaction.atomic
def put_beside(*, notice: CancellationNotice, other: CancellationNotice) -> None:
    """Put a notice that waits beside the one by which its place has ended."""
    notice.state, notice.completes = NoticeState.FOLLOWS, other
    notice.save(update_fields=["state", "completes"])


@transaction.atomic
def write_effect(
    *,
    notice: CancellationNotice,
    paid_minor: int,
    refund_minor: int = 0,
    besides_minor: int = 0,
    refund_due_on: date | None = None,
    credit_notes: Sequence[Invoice] = (),
) -> None:
    """Write the sums with which a notice took effect; they may differ from those it was judged by."""
    notice.paid_minor, notice.refund_minor, notice.besides_minor = paid_minor, refund_minor, besides_minor
    notice.refund_due_on = refund_due_on
    notice.credit_note, notice.second_credit_note = [*credit_notes, None, None][:2]
    notice.save(
        update_fields=[
            *("paid_minor", "refund_minor", "besides_minor", "refund_due_on"),
            *("credit_note", "second_credit_note"),
        ]
    )


def found_as_json(found: Sequence[Found]) -> list[dict[str, str]]:
    """Return the facts as they are kept beside a notice."""
    return [{"item": each.item, "where": each.where or "", "words": each.words[:300]} for each in found]


def currency_of(place: Place) -> str:
    """Return the currency of the terms that a place was taken under."""
    return frozen_rule(place.application).currency


def _move(notice: CancellationNotice, to: NoticeState) -> None:
    ruling = may_move_notice(NoticeState(notice.state), to)
    if not ruling:
        raise NoticeMoveNotAllowed(ruling, f"notice {notice.pk} is {notice.state}: it cannot become {to}")
    notice.state = to


def _write_judgement(notice: CancellationNotice, judged: Judgement, paid_minor: int) -> None:
    # For one that lacks facts, what it brings once it is complete.
    notice.reasons, notice.ground, notice.rate = list(judged.reasons), judged.ground, judged.rate
    notice.paid_minor, notice.refund_minor = paid_minor, judged.refund_if_completed_minor
    notice.refund_due_on = judged.refund_due_on
    notice.save()


def _record(event: Event, notice: CancellationNotice, actor: Actor, now: datetime) -> None:
    facts = {"state": notice.state, "reasons": notice.reasons, "refund_minor": notice.refund_minor}
    record(event, actor=actor, subject=notice, now=now, facts=facts)
