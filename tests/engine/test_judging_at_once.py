"""A judgement that is sent in the moment in which a criterion leaves: one of both is refused, whoever comes first."""

import pytest

from tests.engine import judging
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("judged_first", [True, False], ids=["judged first", "changed first"])
def test_nobody_is_scored_by_a_criterion_that_left(scratch: Scratch, *, judged_first: bool) -> None:
    asked = run(scratch, judging.ask_a_reader)
    calls = [(judging.judge, asked), (judging.take_a_criterion_out, ())]

    answers = run_together(scratch, calls if judged_first else calls[::-1])

    assert "done" in answers
    assert set(answers) - {"done"} <= {"RowInUse", "AssessmentIncomplete"}
    criteria, scored = run(scratch, judging.scored_by)
    assert scored in (set(), criteria)
