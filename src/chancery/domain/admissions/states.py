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
_UNDER_WAY = {S.WITHDRAWN, S.DECIDED, S.NOT_HELD}
MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.EXPIRED}),
    S.SUBMITTED: frozenset({S.INCOMPLETE, S.IN_ASSESSMENT, S.IN_DIALOGUE, *_UNDER_WAY}),
    S.INCOMPLETE: frozenset({S.SUBMITTED, S.WITHDRAWN, S.EXPIRED, S.NOT_HELD}),
    S.IN_ASSESSMENT: frozenset({S.IN_DIALOGUE, *_UNDER_WAY}),
    S.IN_DIALOGUE: frozenset({S.IN_ASSESSMENT, *_UNDER_WAY}),
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
WITH_THE_OFFICE = frozenset({S.SUBMITTED, S.IN_ASSESSMENT, S.IN_DIALOGUE, S.DECIDED})
OVER = frozenset({S.NEXT_EDITION, S.DECLINED, S.WITHDRAWN, S.EXPIRED, S.LAPSED, S.NOT_HELD})
# Nothing is open about the application itself: it has ended, or is a place by now.
SETTLED = OVER | {S.ADMITTED}
# Sent, and neither decided nor ended: what is said here is about the application itself.
UNANSWERED = WITH_THE_OFFICE | {S.INCOMPLETE}
# Where it can be the applicant's turn after it was sent; silence past the wished day is then ours to end.
WAITS_FOR_APPLICANT = frozenset({S.IN_DIALOGUE, S.INCOMPLETE})


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
