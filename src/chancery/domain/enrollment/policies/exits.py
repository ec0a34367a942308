"""Leaving by another right than the terms' own: withdrawal, a refused visa, a course that is not held (promise C5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from chancery.domain.enrollment.states import NoticeGround
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.calendar import is_by, last_second_of, local_day
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

NO_PRIVATE_PAYER = "no_private_payer"
WITHDRAWAL_OVER = "withdrawal_over"
COURSE_BEGAN = "course_began"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitFacts:
    """What decides whether a place may end by such a right; ``contract_on`` is when its seat was reserved first."""

    contract_on: date
    starts_on: date
    private_payer: bool


def withdrawal_until(facts: ExitFacts, *, terms: TermsRule, zone: tzinfo) -> datetime | None:
    """Return the last second of the right of withdrawal; None where the payer has none (Directive 2011/83/EU)."""
    if not facts.private_payer or not terms.withdrawal_days:
        return None
    return last_second_of(facts.contract_on + timedelta(days=terms.withdrawal_days), zone)


def may_exit(ground: NoticeGround, facts: ExitFacts, *, now: datetime, terms: TermsRule, zone: tzinfo) -> Ruling:
    """Allow an exit by a right other than the reply of the terms, with what stands in its way."""
    if ground is NoticeGround.WITHDRAWAL:
        until = withdrawal_until(facts, terms=terms, zone=zone)
        if until is None:
            return refusal(NO_PRIVATE_PAYER)
        return ALLOWED if is_by(now, until) else refusal(WITHDRAWAL_OVER)
    if ground is NoticeGround.VISA_REFUSED and local_day(now, zone) >= facts.starts_on:
        return refusal(COURSE_BEGAN)
    return ALLOWED


def exit_rate(ground: NoticeGround, terms: TermsRule) -> Decimal:
    """Return the share that goes back: everything, but for a refused visa, where the terms say."""
    return terms.visa_refusal_rate if ground is NoticeGround.VISA_REFUSED else Decimal(1)
