"""When an application may be answered with a no, and who acts next on it (promises A4, B1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.domain.admissions.states import UNANSWERED, ApplicationState, CallOutcome, DeclineReason, Direction
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

NO_DIALOGUE_YET = "no_dialogue_yet"
REASON_WANTED = "decline_reason_wanted"
MORE_ADMITS_THAN_SEATS = "more_admits_than_seats"


@dataclass(frozen=True, slots=True)
class DialogueFact:
    """One entry of a dialogue as the rules see it, oldest first in a sequence; ``entry_id`` names its row."""

    entry_id: int
    direction: str
    at: datetime
    call_outcome: str = ""
    wished_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Who acts next: the office (``ours``) or the applicant, and until when; no instant where nothing is due."""

    ours: bool
    due_at: datetime | None


NOBODY = Turn(ours=False, due_at=None)


def proof_of_dialogue(entries: Sequence[DialogueFact]) -> int | None:
    """Return the entry by which a dialogue has taken place, or None while it has not.

    The office wrote and the applicant answered later, or both talked in a call. Silence, an internal note and a
    call that reached nobody are never a dialogue (promise B1).
    """
    office_spoke = False
    for entry in entries:
        if entry.direction == Direction.CALL and entry.call_outcome == CallOutcome.TALKED:
            return entry.entry_id
        if entry.direction == Direction.FROM_OFFICE:
            office_spoke = True
        if entry.direction == Direction.FROM_APPLICANT and office_spoke:
            return entry.entry_id
    return None


def may_decline(entries: Sequence[DialogueFact]) -> Ruling:
    """Allow a decline only after a dialogue with the applicant (promise A4)."""
    return ALLOWED if proof_of_dialogue(entries) is not None else refusal(NO_DIALOGUE_YET)


def may_decline_for(reason: str) -> Ruling:
    """Allow only the reasons of the list, none of which is seniority (promise A4)."""
    return ALLOWED if reason in set(DeclineReason) else refusal(REASON_WANTED)


def may_release(*, admits: int, free: int, free_seen: int | None = None, overflow_waits: bool = False) -> Ruling:
    """Allow a batch of decisions to go out when its admissions find a seat.

    A batch that asks for more than the page showed is refused, so that a person picks who comes. One that did fit
    what the officer saw (``free_seen``) goes out although a colleague was faster: those who find no seat any more
    go on the waiting list. ``overflow_waits`` is the officer's word that this may happen from the start.
    """
    if admits <= free or overflow_waits:
        return ALLOWED
    if free_seen is not None and admits <= free_seen:
        return ALLOWED
    return refusal(MORE_ADMITS_THAN_SEATS)


def turn_of(state: ApplicationState, entries: Sequence[DialogueFact], *, owed_at: datetime | None) -> Turn:
    """Say who acts next on an application and until when.

    ``owed_at`` is the earliest promise to the applicant that is still open: a first answer, an answer, a call; it is
    ours to keep also where nobody acts on the application any more. Without one it is the applicant's turn after a
    question of ours, until the day by which we wished an answer; and as long as we wait for what is missing.
    """
    if state == ApplicationState.DRAFT:
        return NOBODY
    if owed_at is not None:
        return Turn(ours=True, due_at=owed_at)
    if state not in UNANSWERED:
        return NOBODY
    if state == ApplicationState.INCOMPLETE:
        return Turn(ours=False, due_at=wished_until(entries))
    spoken = [entry for entry in entries if entry.direction != Direction.NOTE]
    if state == ApplicationState.IN_DIALOGUE and spoken and spoken[-1].direction == Direction.FROM_OFFICE:
        return Turn(ours=False, due_at=spoken[-1].wished_until)
    return Turn(ours=True, due_at=None)


def wished_until(entries: Sequence[DialogueFact]) -> datetime | None:
    """Return until when we wished to hear from the applicant, by the last thing that we wrote with a day."""
    wishes = [entry.wished_until for entry in entries if entry.direction == Direction.FROM_OFFICE]
    return next((wish for wish in reversed(wishes) if wish is not None), None)
