"""Who may choose the next edition when theirs is not held, and until when (promise C5)."""

from dataclasses import dataclass
from datetime import datetime

from chancery.foundation.calendar import is_by
from chancery.foundation.ruling import ALLOWED, Ruling, refusal


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """What decides; ``answered`` says that it was chosen before, ``fee_open`` that a person still decides the fee."""

    holds_seat: bool
    answered: bool
    answer_by: datetime
    notice_waits: bool
    fee_open: bool
    begun: bool


def may_take_next(facts: ChoiceFacts, *, now: datetime) -> Ruling:
    """Say whether a place may move to the next edition, with everything that stands in the way."""
    found = {
        "choice_over": facts.answered or not facts.holds_seat or not is_by(now, facts.answer_by),
        "notice_waits": facts.notice_waits,
        "fee_open": facts.fee_open,
        "next_edition_begun": facts.begun,
    }
    reasons = [reason for reason, stands in found.items() if stands]
    return refusal(*reasons) if reasons else ALLOWED
