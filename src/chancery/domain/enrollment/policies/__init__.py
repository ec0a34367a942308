"""Pure rules of enrollment: when a seat can be taken, when a place is sure, and what leaving it brings back."""

from chancery.domain.enrollment.policies.exits import ExitFacts, exit_rate, may_exit, withdrawal_until
from chancery.domain.enrollment.policies.notices import (
    AFTER_DEADLINE,
    INCOMPLETE,
    Judgement,
    NoticeFacts,
    judge_notice,
    may_move_notice,
)
from chancery.domain.enrollment.policies.places import (
    MOVE_NOT_ALLOWED,
    NO_SEAT_LEFT,
    PAYMENT_INCOMPLETE,
    free_exit_until,
    may_guarantee,
    may_move,
    may_reserve,
    refundable_until,
)

__all__ = [
    "AFTER_DEADLINE",
    "INCOMPLETE",
    "MOVE_NOT_ALLOWED",
    "NO_SEAT_LEFT",
    "PAYMENT_INCOMPLETE",
    "ExitFacts",
    "Judgement",
    "NoticeFacts",
    "exit_rate",
    "free_exit_until",
    "judge_notice",
    "may_exit",
    "may_guarantee",
    "may_move",
    "may_move_notice",
    "may_reserve",
    "refundable_until",
    "withdrawal_until",
]
