"""An import that is killed at any moment loses nothing and counts nothing twice."""

from pathlib import Path
from typing import Any

import pytest
from bench.statements import Bill, write_statement

from tests.engine import acts, seeds
from tests.engine.databases import Scratch
from tests.engine.kills import moments
from tests.engine.processes import run, start

pytestmark = pytest.mark.engine
POINTS, SEED = 12, 1
LINES, BILLS = 500, 2  # in each file: three chunks


def test_an_import_killed_at_any_moment_ends_as_if_nobody_had_killed_it(scratch: Scratch, folder: Path) -> None:
    bills = [Bill(*bill) for bill in run(scratch, seeds.bill_places, BILLS * (POINTS + 1))]
    files = [
        write_statement(folder / f"{number}.xml", lines=LINES, bills=bills[BILLS * number :][:BILLS], number=number)
        for number in range(POINTS + 1)
    ]
    undisturbed = start(scratch, acts.import_file, files[0])
    assert undisturbed.answer() == {"entries": LINES, "new": LINES, "known": 0, "booked": BILLS}

    killed_at_work = 0
    for done, moment in enumerate(moments(undisturbed.took, points=POINTS, seed=SEED), start=1):
        killed_at_work += start(scratch, acts.import_file, files[done]).kill_after(moment)

        again = run(scratch, acts.import_again_and_work, files[done])
        assert again == _all_counted_once(done + 1), f"killed after {moment:.3f} s"
    assert killed_at_work > POINTS // 3, "the moments lie within the import"


def _all_counted_once(files: int) -> dict[str, Any]:
    return {
        "entries": LINES * files,
        "staged_left": 0,
        "unmatched": 0,
        "paid": BILLS * files,
        "guaranteed": BILLS * files,
        "guaranteed_unpaid": [],
        "wrong_entries": [],
        "wrong_invoices": [],
        "over_paid": [],
        "unexplained": [],
        "guaranteed_mails": BILLS * files,
        "trail": "intact",
    }
