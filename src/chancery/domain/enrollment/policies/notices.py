"""What a cancellation notice is worth: accepted or not, why, and what it brings back (promises C1, C2, C3, C4)."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from chancery.domain.enrollment.states import NOTICE_MOVES, NoticeChannel, NoticeGround, NoticeItem, NoticeState
from chancery.domain.programme.policies import (
    TermsRule,
    is_refundable,
    last_refundable_instant,
    refund_due_on,
)
from chancery.foundation.calendar import is_by
from chancery.foundation.money import share_of
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

AUTOMATIC = "automatic"
WRONG_CHANNEL = "wrong_channel"
AFTER_DEADLINE = "after_deadline"
INCOMPLETE = "incomplete"
NOTICE_DECIDED = "notice_decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What is known of a notice; amounts in minor units of the currency of the terms.

    ``received_at`` is our own server's stamp, ``paid_minor`` the money received for the place at that instant and
    ``refunded_minor`` what had been given back of it.

    :raises ValueError: when an amount is negative or more was refunded than paid.
    """

    received_at: datetime
    channel: NoticeChannel
    paid_minor: int
    refunded_minor: int = 0
    missing: tuple[NoticeItem, ...] = ()
    automatic: bool = False

    def __post_init__(self) -> None:
        """Refuse sums that cannot be."""
        if not 0 <= self.refunded_minor <= self.paid_minor:
            raise ValueError("what was refunded lies between zero and what was paid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The answer: ``reasons`` name each fact in the way; ``deadline`` is the last refundable instant.

    ``refund_if_completed_minor`` is what an incomplete notice would bring once nothing is missing.
    """

    accepted: bool
    reasons: tuple[str, ...]
    deadline: datetime
    refund_minor: int
    refund_due_on: date | None
    refund_if_completed_minor: int
    ground: NoticeGround
    rate: Decimal


def may_move_notice(state: NoticeState, to: NoticeState) -> Ruling:
    """Allow only the moves of the state machine of notices."""
    return ALLOWED if to in NOTICE_MOVES[state] else refusal(NOTICE_DECIDED)


def judge_notice(
    facts: NoticeFacts,
    *,
    terms: TermsRule,
    starts_on: date,
    zone: tzinfo,
    promised_until: datetime | None = None,
    free_exit_until: datetime | None = None,
) -> Judgement:
    """Judge a notice by the frozen terms: the right channel, in time, nothing missing, written by a person.

    ``starts_on`` is the start that counts for the place: the later of the printed and the current one.
    ``promised_until`` is the last refundable second that was promised to this place; it never moves forward.
    ``free_exit_until`` is the last second of a free exit after the dates moved: until then everything goes back.
    """
    deadline = last_refundable_instant(starts_on, terms, zone)
    in_time = is_refundable(facts.received_at, starts_on, terms, zone)
    if promised_until is not None and promised_until > deadline:
        deadline = promised_until
        in_time = is_by(facts.received_at, promised_until)
    ground = NoticeGround.TERMS
    if free_exit_until is not None and is_by(facts.received_at, free_exit_until):
        in_time, ground, deadline = True, NoticeGround.DATES_MOVED, max(deadline, free_exit_until)
    in_the_way = {
        AUTOMATIC: facts.automatic,
        WRONG_CHANNEL: facts.channel is not NoticeChannel.REPLY,
        AFTER_DEADLINE: not in_time,
        INCOMPLETE: bool(facts.missing),
    }
    reasons = tuple(reason for reason, is_so in in_the_way.items() if is_so)
    rate = terms.refund_rate if ground is NoticeGround.TERMS else Decimal(1)
    refund = share_of(facts.paid_minor - facts.refunded_minor, rate)

    return Judgement(
        accepted=not reasons,
        reasons=reasons,
        deadline=deadline,
        refund_minor=0 if reasons else refund,
        refund_due_on=None if reasons else refund_due_on(facts.received_at, terms, zone),
        refund_if_completed_minor=refund if set(reasons) <= {INCOMPLETE} else 0,
        ground=ground,
        rate=rate,
    )
