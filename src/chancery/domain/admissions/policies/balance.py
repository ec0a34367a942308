"""How a group of people is composed, without telling who they are."""

from collections.abc import Mapping
from enum import StrEnum

FEW = 5  # people; a smaller group of a sheet that is printed points at persons


class Untold(StrEnum):
    """Why a count is not told."""

    FEW = "few"
    KEPT_BACK = "kept back"


def disclosed[K](counts: Mapping[K, int]) -> dict[K, int | Untold]:
    """Return the counts as a page may tell them: a group of one to four people is only "few".

    Where one group alone would be few, the next smallest is kept back: the total would tell the number.
    Nobody at all is no person and stays a zero. Sheets get printed, so the rule holds for all who may see the page.
    """
    told: dict[K, int | Untold] = {key: Untold.FEW if 0 < count < FEW else count for key, count in counts.items()}
    there = sorted((count, position, key) for position, (key, count) in enumerate(counts.items()) if count)
    if len(there) > 1 and there[0][0] < FEW <= there[1][0]:
        told[there[1][2]] = Untold.KEPT_BACK
    return told
