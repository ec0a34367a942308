"""What money brings that was paid before a place ended and booked after it: the terms as if it had been known (C3)."""

from dataclasses import dataclass
from decimal import Decimal

from chancery.foundation.money import share_of


@dataclass(frozen=True, slots=True)
class Recount:
    """How much of a line counts as paid by then and how much of that stays; in minor units."""

    counted_minor: int
    kept_minor: int

    @property
    def back_minor(self) -> int:
        """What goes back by the terms."""
        return self.counted_minor - self.kept_minor


def recount(came_minor: int, *, before_minor: int, owed_minor: int, rate: Decimal) -> Recount:
    """Return what money that came adds to what had counted as paid ``before``, of what was ``owed`` for the place.

    ``rate`` is the share of what had been paid that goes back. What exceeds the fee is no part of it.
    """
    counted = max(min(came_minor, owed_minor - before_minor), 0)
    kept = _kept(before_minor + counted, rate) - _kept(before_minor, rate)
    return Recount(counted, kept)


def _kept(paid_minor: int, rate: Decimal) -> int:
    return paid_minor - share_of(paid_minor, rate)
