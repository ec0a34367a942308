"""States of a place and of a cancellation notice, and the moves between them."""

from enum import StrEnum


class PlaceState(StrEnum):
    """Sure or not sure of a place, or why it ended."""

    RESERVED = "reserved"
    GUARANTEED = "guaranteed"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    GIVEN_UP = "given up"
    SUBSTITUTED = "substituted"
    MOVED = "moved"
    ORGANISER_CANCELLED = "organiser cancelled"


P = PlaceState
MOVES: dict[PlaceState, frozenset[PlaceState]] = {
    P.RESERVED: frozenset(
        {P.GUARANTEED, P.LAPSED, P.CANCELLED, P.GIVEN_UP, P.SUBSTITUTED, P.MOVED, P.ORGANISER_CANCELLED}
    ),
    P.GUARANTEED: frozenset({P.RESERVED, P.CANCELLED, P.GIVEN_UP, P.SUBSTITUTED, P.MOVED, P.ORGANISER_CANCELLED}),
    P.LAPSED: frozenset(),
    P.CANCELLED: frozenset(),
    P.GIVEN_UP: frozenset(),
    P.SUBSTITUTED: frozenset(),
    P.MOVED: frozenset(),
    P.ORGANISER_CANCELLED: frozenset(),
}
HOLDS_A_SEAT = frozenset({P.RESERVED, P.GUARANTEED})
# Whose fee is due: a place given up after the deadline leaves its unpaid bill due (promise C3).
STILL_OWES = HOLDS_A_SEAT | {PlaceState.GIVEN_UP}


class NoticeState(StrEnum):
    """Where a cancellation notice stands; a person confirms before a place ends or money moves (promise C2)."""

    AUTOMATIC = "automatic"
    WRONG_CHANNEL = "wrong channel"
    INCOMPLETE = "incomplete"
    VALID = "valid"
    LATE = "late"
    EFFECTED = "effected"
    GIVEN_UP = "given up"
    NOT_ONE = "not a cancellation"
    ABANDONED = "abandoned"
    FOLLOWS = "follows another"


N = NoticeState
NOTICE_MOVES: dict[NoticeState, frozenset[NoticeState]] = {
    N.AUTOMATIC: frozenset(),
    N.WRONG_CHANNEL: frozenset({N.NOT_ONE}),
    N.INCOMPLETE: frozenset({N.VALID, N.LATE, N.NOT_ONE, N.ABANDONED, N.FOLLOWS}),
    N.VALID: frozenset({N.EFFECTED, N.NOT_ONE, N.FOLLOWS}),
    N.LATE: frozenset({N.GIVEN_UP, N.NOT_ONE, N.FOLLOWS}),
    N.EFFECTED: frozenset(),
    N.GIVEN_UP: frozenset(),
    N.NOT_ONE: frozenset(),
    N.ABANDONED: frozenset(),
    N.FOLLOWS: frozenset(),
}
NOTICE_WAITS = frozenset({N.INCOMPLETE, N.VALID, N.LATE})


class ChoiceState(StrEnum):
    """What somebody chose whose edition is not held: asked, a place in the next one, the money back, or left before."""

    ASKED = "asked"
    NEXT_EDITION = "next edition"
    MONEY_BACK = "money back"
    LEFT = "left"


class NoticeItem(StrEnum):
    """What a cancellation must hold (promise C2)."""

    COURSE_NAME = "course_name"
    STUDENT_NAME = "student_name"
    REGISTRATION_DATE = "registration_date"
    CONTACT = "contact"


class NoticeChannel(StrEnum):
    """How a notice came: as a reply to the place-reservation mail, or in any other way (promise C1)."""

    REPLY = "reply"
    OTHER = "other"


class NoticeWay(StrEnum):
    """By what a notice came; only a mail can be a reply."""

    MAIL = "mail"
    PHONE = "phone"
    PAGE = "page"
    OTHER = "other"


class NoticeGround(StrEnum):
    """By what right a place ends before the course (promises C1 to C5)."""

    TERMS = "terms"
    DATES_MOVED = "dates moved"
    WITHDRAWAL = "right of withdrawal"
    ORGANISER = "organiser"
    VISA_REFUSED = "visa refused"


class FoundIn(StrEnum):
    """Where a fact of a notice stands: in the writer's own words, or only in what they quoted."""

    OWN = "own"
    QUOTED = "quoted"


class SubstitutionState(StrEnum):
    """Where the wish stands that a colleague takes a place over: named, said yes, taken over, or why not."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DONE = "done"
    REFUSED = "refused"
    DECLINED = "declined"
    TAKEN_BACK = "taken back"


S = SubstitutionState
SUBSTITUTION_MOVES: dict[SubstitutionState, frozenset[SubstitutionState]] = {
    S.PROPOSED: frozenset({S.CONFIRMED, S.DECLINED, S.TAKEN_BACK, S.REFUSED}),
    S.CONFIRMED: frozenset({S.DONE, S.DECLINED, S.TAKEN_BACK, S.REFUSED}),
    S.DONE: frozenset(),
    S.REFUSED: frozenset(),
    S.DECLINED: frozenset(),
    S.TAKEN_BACK: frozenset(),
}
SUBSTITUTION_OPEN = frozenset({S.PROPOSED, S.CONFIRMED})
