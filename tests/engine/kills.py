"""At which moments of an act its process is killed: spread over the whole of it, the same for the same seed."""

import random


def moments(duration: float, *, points: int, seed: int) -> list[float]:
    """Return one random moment in each of ``points`` equal parts of the duration."""
    dice = random.Random(seed)  # noqa: S311 (moments, not secrets)
    return [(part + dice.random()) / points * duration for part in range(points)]
