"""One transfer for several bills: which of a payer's open bills come to the sum."""

from collections.abc import Sequence
from itertools import combinations

from chancery.domain.billing.matching.facts import Bill

AT_MOST = 8  # open bills of one payer: 247 ways to choose, and nobody pays more at once without a list


def sums_to(cents: int, bills: Sequence[Bill], *, limit: int = 3) -> list[tuple[Bill, ...]]:
    """Return the ways in which two or more of the bills come to the sum, those first in ``bills`` preferred."""
    some = bills[:AT_MOST]
    if len(some) < 2 or sum(bill.open_cents for bill in some) < cents:
        return []
    found: list[tuple[Bill, ...]] = []
    for size in range(2, len(some) + 1):
        for chosen in combinations(some, size):
            if sum(bill.open_cents for bill in chosen) == cents:
                found.append(chosen)
                if len(found) == limit:
                    return found
    return found
