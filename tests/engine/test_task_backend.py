"""The contract that a task backend keeps, whichever the settings name: our code knows it by these promises only."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engine import acts, findings, seeds, tasks
from tests.engine.databases import Scratch
from tests.engine.files import sent_message_ids
from tests.engine.processes import PATIENCE, Running, run, start

pytestmark = pytest.mark.engine
ALIASES = ["default"]  # those of the settings; the first test says when one is missing
each_backend = pytest.mark.parametrize("alias", ALIASES)
LONG = 1.5  # seconds


@contextmanager
def working(scratch: Scratch, *, workers: int = 1) -> Iterator[list[Running]]:
    started = [start(scratch, tasks.work_until_stopped) for _ in range(workers)]
    yield started
    for worker in started:
        worker.stop()


def lines(scratch: Scratch, word: str) -> int:
    trace = tasks.trace_of(scratch.var, word)
    return len(trace.read_text().splitlines()) if trace.exists() else 0


def wait_until(told: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not told():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.05)


def test_every_backend_of_the_settings_keeps_the_contract(scratch: Scratch) -> None:
    assert run(scratch, tasks.backends) == ALIASES


@each_backend
def test_a_task_of_a_transaction_that_failed_never_runs(scratch: Scratch, alias: str) -> None:
    run(scratch, tasks.enqueue_and_take_back, alias, "taken-back")
    run(scratch, tasks.enqueue, alias, "leave_trace", "kept")

    with working(scratch):
        wait_until(lambda: lines(scratch, "kept") > 0)

    assert (lines(scratch, "kept"), lines(scratch, "taken-back")) == (1, 0)


@each_backend
def test_a_task_that_failed_is_tried_again(scratch: Scratch, alias: str) -> None:
    run(scratch, tasks.enqueue, alias, "fail_first", "again")

    with working(scratch):
        wait_until(lambda: lines(scratch, "again") > 0)

    assert lines(scratch, "again") == 1


@each_backend
def test_a_task_whose_worker_was_killed_is_run_by_another(scratch: Scratch, alias: str) -> None:
    run(scratch, tasks.enqueue, alias, "take_long", "orphan", PATIENCE)
    dead = start(scratch, tasks.work_until_stopped)
    wait_until(tasks.trace_of(scratch.var, "orphan-began").exists)
    dead.kill_after(0)

    with working(scratch):
        wait_until(lambda: lines(scratch, "orphan") > 0)

    assert lines(scratch, "orphan") == 1


@each_backend
def test_a_worker_that_is_told_to_stop_ends_its_task_first(scratch: Scratch, alias: str) -> None:
    run(scratch, tasks.enqueue, alias, "take_long", "last", LONG)

    with working(scratch):
        wait_until(tasks.trace_of(scratch.var, "last-began").exists)

    assert lines(scratch, "last") == 1


@each_backend
def test_a_sweep_that_runs_many_times_at_once_sends_each_mail_once(scratch: Scratch, alias: str) -> None:
    run(scratch, seeds.bill_places, 3)
    for _ in range(6):
        run(scratch, tasks.enqueue, alias, "run_sweep", "mail")

    with working(scratch, workers=2):
        wait_until(lambda: run(scratch, findings.of_outbox)["states"] == {"sent": 9})

    outbox = run(scratch, acts.work_after_the_lease)
    assert Counter(sent_message_ids(scratch.var)) == Counter(outbox["message_ids"])


def test_a_worker_killed_while_it_sends_leaves_the_rest_to_the_next_one(scratch: Scratch) -> None:
    run(scratch, seeds.bill_places, 4)
    dead = start(scratch, tasks.work_until_stopped)
    wait_until(lambda: _has_sent(scratch.var))
    dead.kill_after(0)

    with working(scratch):
        wait_until(lambda: run(scratch, acts.end_leases)["states"] == {"sent": 12})

    sent = Counter(sent_message_ids(scratch.var))
    assert sorted(sent) == run(scratch, findings.of_outbox)["message_ids"]
    assert sent.total() <= len(sent) + 1


def _has_sent(var: Path) -> bool:
    return (var / "mail").exists() and any((var / "mail").iterdir())
