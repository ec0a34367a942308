"""When the dates of an edition may be confirmed or moved (promise A1)."""

from dataclasses import dataclass
from datetime import date

from chancery.foundation.ruling import ALLOWED, Ruling, refusal

DATES_UNCHANGED = "dates_unchanged"
ENDS_BEFORE_START = "ends_before_start"
STARTS_IN_THE_PAST = "starts_in_the_past"
APPLICATIONS_CLOSE_AFTER_START = "applications_close_after_start"


@dataclass(frozen=True, slots=True)
class Dates:
    """First and last day of the week in person, and whether they are still to be confirmed."""

    starts_on: date
    ends_on: date
    provisional: bool

    def same_days_as(self, other: "Dates") -> bool:
        """Tell whether the days are the same, confirmed or not."""
        return (self.starts_on, self.ends_on) == (other.starts_on, other.ends_on)


def may_settle(current: Dates, wanted: Dates, *, today: date, applications_close_on: date) -> Ruling:
    """Allow days that differ, lie ahead, in order, and after the last day to apply."""
    if wanted == current:
        return refusal(DATES_UNCHANGED)
    if wanted.ends_on < wanted.starts_on:
        return refusal(ENDS_BEFORE_START)
    if wanted.starts_on <= today:
        return refusal(STARTS_IN_THE_PAST)
    if applications_close_on >= wanted.starts_on:
        return refusal(APPLICATIONS_CLOSE_AFTER_START)
    return ALLOWED
