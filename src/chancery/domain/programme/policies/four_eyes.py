"""What one person may do alone about money, and what takes another one."""

from enum import StrEnum
from typing import Final

from chancery.foundation.ruling import ALLOWED, Ruling, refusal


class FourEyes(StrEnum):
    """How much takes two people in an edition: its file's ``[payment] four_eyes``."""

    REFUNDS = "refunds"
    ALL = "all"
    NONE = "none"


class Guarded(StrEnum):
    """Acts that may take two people."""

    REFUND = "refund"
    FEE = "fee"
    WRITE_OFF = "write-off"
    ACCOUNT = "account"


# Whatever the edition says short of "none", money leaves and a fee is set by hand with two people only.
TAKES_TWO: Final = {
    FourEyes.REFUNDS: frozenset({Guarded.REFUND, Guarded.FEE, Guarded.ACCOUNT}),
    FourEyes.ALL: frozenset(Guarded),
    FourEyes.NONE: frozenset(),
}


NEEDS_ANOTHER_PERSON: Final = {Guarded.WRITE_OFF: "another_person_writes_off"}


def may_finish_alone(rule: FourEyes, act: Guarded) -> Ruling:
    """Tell whether whoever began the act may finish it too; the reason says who has to."""
    if takes_two_people(rule, act):
        return refusal(NEEDS_ANOTHER_PERSON.get(act, "needs_another_person"))
    return ALLOWED


def takes_two_people(rule: FourEyes, act: Guarded) -> bool:
    """Tell whether whoever began the act may not finish it."""
    return act in TAKES_TWO[rule]
