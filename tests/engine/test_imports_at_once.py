"""One statement file imported twice at the same moment counts once."""

from pathlib import Path

import pytest
from bench.statements import Bill, write_statement

from tests.engine import acts, seeds
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine
BILLS, LINES = 4, 2500


@pytest.mark.parametrize(
    ("patience", "loser"),
    [(30.0, {"entries": LINES, "new": 0, "known": LINES, "booked": 0}), (0.0, "ImportRunning")],
    ids=["who waits learns that all is known", "who does not wait is told that another import runs"],
)
def test_two_imports_of_one_file_at_once_count_once(
    patience: float, loser: object, scratch: Scratch, folder: Path
) -> None:
    bills = [Bill(*bill) for bill in run(scratch, seeds.bill_places, BILLS)]
    file = write_statement(folder / f"twice-{patience}.xml", lines=LINES, bills=bills)

    answers = run_together(scratch, [(acts.import_file, (file, patience))] * 2)

    winner = {"entries": LINES, "new": LINES, "known": 0, "booked": BILLS}
    assert winner in answers
    answers.remove(winner)
    assert answers == [loser]
    money = run(scratch, acts.import_again_and_work, file)
    assert (money["entries"], money["paid"], money["guaranteed"], money["unmatched"]) == (LINES, BILLS, BILLS, 0)
    assert money["trail"] == "intact"
