"""When a seat can be taken, when a place is sure, and until when leaving it brings money back (B1, B2, C3)."""

from datetime import date, datetime, tzinfo

from chancery.domain.enrollment.states import MOVES, PlaceState
from chancery.domain.programme.policies import TermsRule, last_refundable_instant
from chancery.foundation.calendar import last_second_of, local_day
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

NO_SEAT_LEFT = "no_seat_left"
PAYMENT_INCOMPLETE = "payment_incomplete"
MOVE_NOT_ALLOWED = "move_not_allowed"


def may_reserve(*, taken: int, capacity: int) -> Ruling:
    """Allow a reservation while a seat is free; a reserved place takes its seat at once (promise B1)."""
    return ALLOWED if taken < capacity else refusal(NO_SEAT_LEFT)


def may_guarantee(*, open_minor: int) -> Ruling:
    """Allow to guarantee a place only when nothing is left to pay: paid in full or nothing due (promise B2).

    Money promised, proof uploaded or part paid is not paid.
    """
    return ALLOWED if open_minor <= 0 else refusal(PAYMENT_INCOMPLETE)


def may_move(state: PlaceState, to: PlaceState) -> Ruling:
    """Allow only the moves of the state machine."""
    return ALLOWED if to in MOVES[state] else refusal(MOVE_NOT_ALLOWED)


def refundable_until(*, starts_on_printed: date, starts_on: date, terms: TermsRule, zone: tzinfo) -> datetime:
    """Return the last instant at which leaving the place brings money back.

    The later of the rule applied to the start that the reservation mail printed and to the current start:
    a moved date never shortens what was promised (promise C3).
    """
    return last_refundable_instant(max(starts_on_printed, starts_on), terms, zone)


def free_exit_until(*, settled_at: datetime, terms: TermsRule, zone: tzinfo) -> datetime:
    """Return until when a participant may leave with everything back after the dates moved."""
    last_day = date.fromordinal(local_day(settled_at, zone).toordinal() + terms.free_exit_days)
    return last_second_of(last_day, zone)
