"""A slice of the benchmark: the same generator, a tenth of its lines, other seeds."""

from collections import Counter

import pytest
from bench.judging import judge
from bench.transfers import make_seasons


@pytest.mark.parametrize("seed", [11, 12])
def test_nothing_is_booked_wrongly_and_nearly_all_find_their_bill(seed):
    score = judge(make_seasons(seed, lines=500))

    assert score.wrongly_booked == []
    assert score.share_found >= 0.97, Counter(score.missed)


def test_the_same_seed_gives_the_same_lines():
    first, second = ([season.lines for season in make_seasons(7, lines=60)] for _ in range(2))

    assert first == second


def test_lines_without_a_truth_are_among_them():
    (season,) = make_seasons(7, lines=500)

    kinds = {line.kind for line in season.lines if not line.truth}
    assert kinds == {"unknown money", "look-alike", "paid already", "other currency"}
