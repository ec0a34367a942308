"""Two people at the same moment about a fee that two payers share: two bills once, and a place that is sure once."""

from pathlib import Path

import pytest

from tests.engine import sharing
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine


def test_a_bill_split_twice_at_once_is_two_bills(scratch: Scratch) -> None:
    invoice = run(scratch, sharing.bill_a_place)

    answers = run_together(scratch, [(sharing.split, (invoice,))] * 2)

    assert sorted(answers) == ["NotToBeShared", "done"]
    standing = run(scratch, sharing.standing)
    assert (standing["bills"], standing["credit notes"]) == (3, 1)


def test_both_bills_paid_at_once_make_the_place_sure_once(scratch: Scratch, folder: Path) -> None:
    lines = run(scratch, sharing.share_a_place, folder)

    answers = run_together(scratch, [(sharing.pay, line) for line in lines])

    assert answers == ["done", "done"]
    standing = run(scratch, sharing.standing)
    assert (standing["state"], standing["guaranteed"], standing["told"]) == ("guaranteed", 1, 1)
