"""Fifty admissions at once for twelve seats (promise B1): exactly twelve places, everybody else waits."""

import pytest

from tests.engine import acts, findings, seeds
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine
SEATS, APPLICANTS, PROCESSES = 12, 50, 5


def test_fifty_admissions_at_once_for_twelve_seats_end_with_twelve_places(scratch: Scratch) -> None:
    decisions = run(scratch, seeds.draft_admissions, SEATS, APPLICANTS)

    shares = [decisions[start::PROCESSES] for start in range(PROCESSES)]
    errors = run_together(scratch, [(acts.release_one_by_one, (share,)) for share in shares])
    run(scratch, acts.work_once)

    assert errors == [[]] * PROCESSES
    waiting = APPLICANTS - SEATS
    assert run(scratch, findings.of_admissions) == {
        "places": SEATS,
        "taken": SEATS,
        "ranks": list(range(1, waiting + 1)),
        "charges": SEATS,
        "numbers": list(range(1, SEATS + 1)),
        "mails": {
            "admissions/waiting_list": waiting,
            "billing/invoice": 2 * SEATS,
            "enrollment/place_reserved": SEATS,
        },
        "places_mailed": SEATS,
        "trail": "intact",
    }
