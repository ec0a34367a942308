"""How much of a corrected sum of the bank the line on file bears; signed minor units."""


def set_against(difference: int, left: int) -> int:
    """Return what of a difference the line on file bears: as much as is left of it the other way round.

    A debit that is free bears what more left with it too: it is one payment, as of a refund.
    """
    if difference < 0 and left < 0:
        return difference
    if difference * left >= 0:
        return 0
    part = min(abs(difference), abs(left))
    return part if difference > 0 else -part
