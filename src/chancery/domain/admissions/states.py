"""States of an application and the moves between them; any other move is refused."""

from enum import StrEnum


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    IN_ASSESSMENT = "in assessment"
    IN_DIALOGUE = "in dialogue"
    DECIDED = "decided"
    ADMITTED = "admitted"
    WAITING = "waiting list"
    OFFERED = "offered"
    NEXT_EDITION = "next edition"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    NOT_HELD = "not held"


S = ApplicationState
_AT_ANY_TIME = {S.WITHDRAWN, S.DECIDED, S.NOT_HELD}
MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.EXPIRED}),
    S.SUBMITTED: frozenset({S.INCOMPLETE, S.IN_ASSESSMENT, S.IN_DIALOGUE, *_AT_ANY_TIME}),
    S.INCOMPLETE: frozenset({S.SUBMITTED, S.WITHDRAWN, S.EXPIRED, S.NOT_HELD}),
    S.IN_ASSESSMENT: frozenset({S.IN_DIALOGUE, *_AT_ANY_TIME}),
    S.IN_DIALOGUE: frozenset({S.IN_ASSESSMENT, *_AT_ANY_TIME}),
    S.DECIDED: frozenset({S.IN_DIALOGUE, S.ADMITTED, S.WAITING, S.NEXT_EDITION, S.DECLINED, S.WITHDRAWN, S.NOT_HELD}),
    S.WAITING: frozenset({S.OFFERED, S.ADMITTED, S.WITHDRAWN, S.LAPSED, S.NOT_HELD}),
    S.OFFERED: frozenset({S.ADMITTED, S.LAPSED, S.WITHDRAWN, S.NOT_HELD}),
    S.ADMITTED: frozenset(),
    S.NEXT_EDITION: frozenset(),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset(),
    S.LAPSED: frozenset(),
    S.NOT_HELD: frozenset(),
}
# Each state is a draft, unanswered, on the list, admitted or over; the other sets are made of these.
WITH_THE_OFFICE = frozenset({S.SUBMITTED, S.IN_ASSESSMENT, S.IN_DIALOGUE, S.DECIDED})
# Sent, and neither decided nor ended: what is said here is about the application itself.
UNANSWERED = WITH_THE_OFFICE | {S.INCOMPLETE}
# On the waiting list, or offered a seat from it.
ON_THE_LIST = frozenset({S.WAITING, S.OFFERED})
OVER = frozenset({S.NEXT_EDITION, S.DECLINED, S.WITHDRAWN, S.EXPIRED, S.LAPSED, S.NOT_HELD})

# Sent, and waits for our answer or for a seat.
STILL_OPEN = UNANSWERED | ON_THE_LIST
# Nothing is open about the application itself: it has ended, or is a place by now.
SETTLED = OVER | {S.ADMITTED}
# Where it can be the applicant's turn after it was sent; silence past the wished day is then ours to end.
WAITS_FOR_APPLICANT = frozenset({S.IN_DIALOGUE, S.INCOMPLETE})
# Where the first word said begins the dialogue.
BEFORE_DIALOGUE = frozenset({S.SUBMITTED, S.IN_ASSESSMENT})
# Where one joins and leaves a group: its size makes the fee of what is decided.
GROUP_OPEN = UNANSWERED - {S.DECIDED} | {S.DRAFT}
# Ended by the applicant or by time: the same person may apply once more in the edition.
MAY_APPLY_ANEW = frozenset({S.WITHDRAWN, S.EXPIRED})
# What becomes of an application whose edition is not held: one that was never sent expires.
CALLED_OFF = frozenset({S.NOT_HELD, S.EXPIRED})


class Outcome(StrEnum):
    """What a decision says."""

    ADMIT = "admit"
    WAIT = "wait-list"
    NEXT_EDITION = "next edition"
    DECLINE = "decline"


class DeclineReason(StrEnum):
    """Reasons for declining; none of them is seniority (promise A4)."""

    NOT_PUBLIC_SECTOR = "does not work for a public authority"
    NOT_INTERNATIONAL = "the work has no link with international action of a city"
    CANNOT_ATTEND = "cannot attend the whole programme"
    NEEDS_ELSEWHERE = "another offer fits the need better"


class Direction(StrEnum):
    """Which way an entry of the dialogue went."""

    FROM_OFFICE = "from the office"
    FROM_APPLICANT = "from the applicant"
    CALL = "call"
    NOTE = "internal note"


class Channel(StrEnum):
    """By which way an entry of the dialogue came."""

    PAGE = "page"
    MAIL = "mail"
    PHONE = "phone"


class CallOutcome(StrEnum):
    """How a call ended."""

    TALKED = "talked"
    NOT_REACHED = "not reached"
