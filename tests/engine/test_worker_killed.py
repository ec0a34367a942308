"""A worker that is killed at any moment loses no mail and makes no paper twice."""

from collections import Counter

import pytest

from tests.engine import acts, seeds
from tests.engine.databases import Scratch
from tests.engine.files import sent_message_ids
from tests.engine.kills import moments
from tests.engine.processes import run, start

pytestmark = pytest.mark.engine
POINTS, SEED = 12, 2
ADMITTED = 4  # for each killed worker; each gets a reservation, the payer a bill, and a copy of it goes to them
MAILS = 3 * ADMITTED


def test_a_worker_killed_at_any_moment_loses_no_mail_and_makes_no_paper_twice(scratch: Scratch) -> None:
    people = ADMITTED * (POINTS + 1)
    decisions = run(scratch, seeds.draft_admissions, people, people)
    run(scratch, acts.release_together, decisions[:ADMITTED])
    undisturbed = start(scratch, acts.work_once)
    undisturbed.answer()

    killed_at_work = 0
    for done, moment in enumerate(moments(undisturbed.took, points=POINTS, seed=SEED), start=1):
        run(scratch, acts.release_together, decisions[ADMITTED * done :][:ADMITTED])
        killed_at_work += start(scratch, acts.work_once).kill_after(moment)

        outbox = run(scratch, acts.work_after_the_lease)
        told = f"killed after {moment:.3f} s"
        assert (outbox["states"], outbox["trail"]) == ({"sent": MAILS * (done + 1)}, "intact"), told
        assert outbox["documents"] == outbox["renderings"] == outbox["papers"] == ADMITTED * (done + 1), told
        sent = Counter(sent_message_ids(scratch.var))
        assert sorted(sent) == outbox["message_ids"], f"every mail has left: {told}"
        assert sent.total() <= len(sent) + done, f"only the one on its way may leave twice, recognisably: {told}"
    assert killed_at_work > POINTS // 3, "the moments lie within the work"
