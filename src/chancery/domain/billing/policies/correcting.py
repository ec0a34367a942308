"""How much of a corrected sum of the bank the line on file bears; signed minor units."""


def set_against(difference: int, left: int) -> int:
    """Return what of a difference the line on file bears: as much as is left of it the other way round."""
    if difference * left >= 0:
        return 0
    part = min(abs(difference), abs(left))
    return part if difference > 0 else -part
