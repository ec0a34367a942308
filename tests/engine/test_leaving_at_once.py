"""Two people who do the same about a place that is left, at the same moment, do it once."""

from pathlib import Path

import pytest

from tests.engine import leaving
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine


def test_a_notice_accepted_twice_at_once_takes_effect_once(scratch: Scratch, folder: Path) -> None:
    notice = run(scratch, leaving.hear_of_a_paid_place, folder)

    answers = run_together(scratch, [(leaving.accept, (notice,))] * 2)

    assert sorted(answers) == ["NoticeMoveNotAllowed", "done"]
    standing = run(scratch, leaving.standing)
    assert {name: standing[name] for name in ("credit notes", "refunds", "in effect", "seats")} == {
        "credit notes": 1,
        "refunds": 1,
        "in effect": 1,
        "seats": (0, 0),
    }


def test_the_file_of_refunds_made_twice_at_once_is_one_file(scratch: Scratch, folder: Path) -> None:
    notice = run(scratch, leaving.hear_of_a_paid_place, folder)
    run(scratch, leaving.approve_the_refund, notice)

    answers = run_together(scratch, [(leaving.make_file, ())] * 2)

    assert sorted(answers) == ["NothingToPay", "done"]
    assert run(scratch, leaving.standing)["files"] == 1


def test_one_free_seat_offered_twice_at_once_is_one_offer(scratch: Scratch, folder: Path) -> None:
    notice = run(scratch, leaving.hear_of_a_paid_place, folder, 3)
    run(scratch, leaving.accept, notice)

    answers = run_together(scratch, [(leaving.offer_seats, ())] * 3)

    assert sorted(answers) == [0, 0, 1]
    standing = run(scratch, leaving.standing)
    assert (standing["seats"], standing["offers"]) == ((0, 1), 1)
