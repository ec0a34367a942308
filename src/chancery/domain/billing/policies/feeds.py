"""Which kind of file books the money of an account on a day; the others only announce it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# Kinds of file that say all of a period's money, so that they may book it.
COMPLETE = ("camt.053", "mt940", "csv")


@dataclass(frozen=True, slots=True)
class FeedDays:
    """The kind of file that books now (blank: the one that comes first), and those that did, by the day they ended.

    ``before`` is in the order of the days.
    """

    now: str
    before: tuple[tuple[date, str], ...] = ()

    def feed_on(self, day: date | None) -> str:
        """Return the kind of file that books money of a day; without a day, the one that books now."""
        ended = (feed for from_on, feed in self.before if day is not None and day < from_on)
        return next(ended, self.now)

    def books(self, format_name: str, day: date | None) -> bool:
        """Tell whether a file of that format books money of that day; without a day, whether it books now."""
        return format_name.startswith(self.feed_on(day) or COMPLETE)


def changes_that_stand(changes: Iterable[tuple[date, str]]) -> tuple[tuple[date, str], ...]:
    """Return the changes of an account that count, in order of their days, from all in the order they were made.

    A change takes the place of those that were to come from its day or a later one.
    """
    standing: list[tuple[date, str]] = []
    for from_on, feed in changes:
        standing = [each for each in standing if each[0] < from_on] + [(from_on, feed)]
    return tuple(standing)
