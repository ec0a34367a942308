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
    P.LAPSED: frozenset({P.RESERVED}),
    P.CANCELLED: frozenset(),
    P.GIVEN_UP: frozenset(),
    P.SUBSTITUTED: frozenset(),
    P.MOVED: frozenset(),
    P.ORGANISER_CANCELLED: frozenset(),
}
HOLDS_A_SEAT = frozenset({P.RESERVED, P.GUARANTEED})


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


class FoundIn(StrEnum):
    """Where a fact of a notice stands: in the writer's own words, or only in what they quoted."""

    OWN = "own"
    QUOTED = "quoted"
