"""Which kind of file books the money of an account on a day; the others only announce it."""

from dataclasses import dataclass
from datetime import date

# Kinds of file that say all of a period's money, so that they may book it.
COMPLETE = ("camt.053", "mt940", "csv")


@dataclass(frozen=True, slots=True)
class FeedDays:
    """The kind of file that books now (blank: the one that comes first), and those that did, by the day they ended."""

    now: str
    before: tuple[tuple[date, str], ...] = ()

    def books(self, format_name: str, day: date | None) -> bool:
        """Tell whether a file of that format books money of that day; without a day, whether it books now."""
        ended = ((from_on, feed) for from_on, feed in sorted(self.before) if day is not None and day < from_on)
        _, feed = next(ended, (None, self.now))
        return format_name.startswith(feed or COMPLETE)
