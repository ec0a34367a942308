"""Applicants who come at once: each has one file, one number and one receipt."""

import pytest

from tests.engine import applying
from tests.engine.databases import Scratch
from tests.engine.processes import run, run_together

pytestmark = pytest.mark.engine
APPLICANTS, PROCESSES = 20, 4


def test_twenty_applicants_at_once_have_twenty_numbers_and_receipts(scratch: Scratch) -> None:
    accounts = run(scratch, applying.open_a_call, APPLICANTS)

    shares = [accounts[start::PROCESSES] for start in range(PROCESSES)]
    errors = run_together(scratch, [(applying.apply_all_at_once, (share,)) for share in shares])

    assert errors == [[]] * PROCESSES
    assert run(scratch, applying.of_applications) == {
        "numbers": list(range(1, APPLICANTS + 1)),
        "sent": APPLICANTS,
        "receipts": APPLICANTS,
        "answers_owed": APPLICANTS,
    }


def test_somebody_who_starts_in_several_windows_has_one_file(scratch: Scratch) -> None:
    (account,) = run(scratch, applying.open_a_call, 1)

    references = run_together(scratch, [(applying.start_the_same_file, (account, 4))] * 2)

    assert len(set().union(*references)) == 1
    assert run(scratch, applying.of_applications)["numbers"] == [1]
