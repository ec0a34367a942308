"""Whether a colleague may take a place over, and until when (promise C5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from chancery.domain.programme.policies import TermsRule
from chancery.foundation.calendar import is_by, last_second_of
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

NOT_FORESEEN = "substitution_not_foreseen"
OVER = "substitution_over"
PLACE_ENDED = "place_ended"
NOTICE_WAITS = "notice_waits"
FEE_OPEN = "fee_open"
NAMED_OFTEN = "named_often"
CHOICE_OPEN = "choice_open"
MOST_NAMED = 5  # colleagues for one place: each gets a mail from us


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionFacts:
    """What stands in the way: a place that ended, an open message about leaving, a fee that is not settled.

    ``choice_open`` says that the edition is not held and the holder has not said yet what they want instead.
    """

    holds_seat: bool
    starts_on: date
    notice_waits: bool = False
    fee_open: bool = False
    choice_open: bool = False
    named_before: int = 0


def substitution_until(starts_on: date, *, terms: TermsRule, zone: tzinfo) -> datetime | None:
    """Return the last second in which a colleague may take the place over; None where the terms foresee it never."""
    if not terms.substitution_allowed:
        return None
    return last_second_of(starts_on - timedelta(days=terms.substitution_days_before + 1), zone)


def may_name(facts: SubstitutionFacts, *, now: datetime, terms: TermsRule, zone: tzinfo) -> Ruling:
    """Allow somebody to be named who then gets a mail from us, a few times for a place."""
    ruling = may_substitute(facts, now=now, terms=terms, zone=zone)
    return refusal(NAMED_OFTEN) if ruling and facts.named_before >= MOST_NAMED else ruling


def may_substitute(facts: SubstitutionFacts, *, now: datetime, terms: TermsRule, zone: tzinfo) -> Ruling:
    """Allow a colleague to take a place over, with everything that stands in the way."""
    until = substitution_until(facts.starts_on, terms=terms, zone=zone)
    if not facts.holds_seat:
        return refusal(PLACE_ENDED)
    if until is None:
        return refusal(NOT_FORESEEN)
    checks = (
        (OVER, not is_by(now, until)),
        (NOTICE_WAITS, facts.notice_waits),
        (FEE_OPEN, facts.fee_open),
        (CHOICE_OPEN, facts.choice_open),
    )
    reasons = [reason for reason, stands in checks if stands]
    return refusal(*reasons) if reasons else ALLOWED
