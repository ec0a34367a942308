"""When the office asks for what is missing, what then may be changed, and when silence ends it (promise B1)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from chancery.domain.admissions.policies.form import (
    CERTIFICATE_NAME_KEY,
    LATIN_NAME_KEY,
    NAME_KEY,
    PartStatus,
)
from chancery.domain.admissions.states import MOVES, ApplicationState
from chancery.foundation.calendar import is_by
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

NOTHING_ASKED = "nothing_asked"
NOT_TO_BE_SUPPLEMENTED = "not_to_be_supplemented"
NOT_INCOMPLETE = "not_incomplete"
DAY_TOO_EARLY = "day_too_early"
STILL_TIME = "still_time"
ANSWER_OWED = "answer_owed"
ASKED_PARTS_OPEN = "asked_parts_open"

# Who corrects a name must be able to correct the forms of it, or the part could never be complete again.
_OPENED_WITH = {NAME_KEY: (CERTIFICATE_NAME_KEY, LATIN_NAME_KEY)}


def opened_by(asked: Collection[str], questions: Iterable[str]) -> frozenset[str]:
    """Return the questions of the form that may be changed when these were asked for."""
    along = {key for each in asked for key in _OPENED_WITH.get(each, ())}
    return frozenset(questions) & (frozenset(asked) | along)


def may_ask_for_missing(state: ApplicationState, asked: Collection[str], *, wished_by: date, today: date) -> Ruling:
    """Allow to ask for questions of the form before anybody reads the application, by a day that is to come."""
    if ApplicationState.INCOMPLETE not in MOVES[state]:
        return refusal(NOT_TO_BE_SUPPLEMENTED)
    if not asked:
        return refusal(NOTHING_ASKED)
    return ALLOWED if wished_by > today else refusal(DAY_TOO_EARLY)


def may_send_again(state: ApplicationState, parts: Iterable[PartStatus]) -> Ruling:
    """Allow to send again what was asked for, once each of its parts is complete; the call may be over by then."""
    if state is not ApplicationState.INCOMPLETE:
        return refusal(NOT_INCOMPLETE)
    if any(status is not PartStatus.COMPLETED for status in parts):
        return refusal(ASKED_PARTS_OPEN)
    return ALLOWED


def may_let_expire(
    state: ApplicationState, *, wished_until: datetime | None, answer_owed: bool, now: datetime
) -> Ruling:
    """Allow an officer to end what nobody completed: after the day, and never while the applicant waits for us."""
    if state is not ApplicationState.INCOMPLETE:
        return refusal(NOT_INCOMPLETE)
    if answer_owed:
        return refusal(ANSWER_OWED)
    if wished_until is not None and is_by(now, wished_until):
        return refusal(STILL_TIME)
    return ALLOWED
