"""Two officers who book the same money at the same moment book it once: a line, or a refund that left or came back."""

from pathlib import Path

import pytest
from bench.statements import write_statement

from tests.engine import acts, seeds
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine
FIRST_LINE, SUM = 2, 10_007  # the second line of the file is its first credit


def test_a_line_that_two_officers_book_at_once_is_booked_once(scratch: Scratch, folder: Path) -> None:
    run(scratch, seeds.bill_places, 1)
    file = write_statement(folder / "two.xml", lines=FIRST_LINE)
    run(scratch, acts.import_file, file)

    answers = run_together(scratch, [(acts.book_everything, (SUM,))] * 2)

    assert sorted(answers) == ["AllocationNotPossible", "booked"]
    assert run(scratch, acts.allocations_in_all) == [SUM]


def test_a_refund_that_two_officers_name_with_others_at_two_debits_left_once(scratch: Scratch) -> None:
    first, second = run(scratch, seeds.refunds_and_two_lines, -200)

    answers = run_together(scratch, [(acts.name_leaving, first), (acts.name_leaving, second)])

    assert sorted(answers) == ["RefundNotPossible", "sent"]
    assert sorted(run(scratch, acts.states_of_refunds)) == ["exported", "sent", "sent"]


def test_a_refund_that_two_officers_name_with_others_at_two_credits_came_back_once(scratch: Scratch) -> None:
    first, second = run(scratch, seeds.refunds_and_two_lines, 200)

    answers = run_together(scratch, [(acts.name_coming_back, first), (acts.name_coming_back, second)])

    assert sorted(answers) == ["RefundNotPossible", "came back"]
    assert sorted(run(scratch, acts.states_of_refunds)) == ["exported", "failed", "failed"]
