"""Matching on lines whose truth is known: is anything booked wrongly without a person, and how much finds its bill."""

from pathlib import Path

from bench.judging import judge
from bench.table import Row
from bench.transfers import make_seasons

SEED, LINES = 7, 10_000
TO_FIND = 0.97


def measure(_var: Path, *, large: bool) -> list[Row]:
    """Match ten thousand invented lines, a hundred thousand where asked for more."""
    score = judge(make_seasons(SEED, lines=LINES * 10 if large else LINES))
    wrong, share = len(score.wrongly_booked), score.share_found
    of = f"{score.lines:,} lines, {score.booked:,} booked by the machine"
    return [
        Row("wrongly booked without a person", str(wrong), of, None, "0", met=wrong == 0),
        Row(
            "matchable lines booked, or the right bill first",
            f"{share:.1%}",
            f"{score.matchable:,} lines can be matched",
            None,
            f">= {TO_FIND:.0%}",
            met=share >= TO_FIND,
        ),
    ]
