"""An edition that is called off while decisions go out: nobody keeps a place of it, and everybody is told once."""

import pytest

from tests.engine import calling_off, seeds
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine
APPLICANTS = 12


def test_nobody_keeps_a_place_of_an_edition_that_is_called_off_meanwhile(scratch: Scratch) -> None:
    decisions = run(scratch, seeds.draft_admissions, APPLICANTS, APPLICANTS)

    half = APPLICANTS // 2
    run_together(
        scratch,
        [
            (calling_off.release, (decisions[:half],)),
            (calling_off.call_it_off, ()),
            (calling_off.release, (decisions[half:],)),
        ],
    )

    standing = run(scratch, calling_off.standing)
    assert standing["places"] <= {"organiser cancelled"}
    assert (standing["taken"], standing["told"]) == (0, APPLICANTS)
    assert standing["applications"] <= {"admitted", "not held"}
