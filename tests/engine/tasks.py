"""Tasks that leave a trace, and acts that enqueue them and work them off; through Django's task API only."""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.tasks import task, task_backends

from chancery.interfaces.worker import loop
from chancery.interfaces.worker.tasks import run_sweep

# A backend's own words for what is long by default: when a dead worker's task is taken up, and when one that failed is.
SOON = {"django_ox.backend.OxBackend": {"LOCK_TIMEOUT": 3, "BACKOFF_INITIAL": 0.2}}


class NotThisTimeError(RuntimeError):
    """What a task raises that is to be tried again."""


@task()
def leave_trace(word: str) -> None:
    """Append a line to the file of this word."""
    with trace_of(settings.VAR, word).open("a") as trace:
        trace.write("done\n")


@task()
def fail_first(word: str) -> None:
    """Fail the first time, leave a trace the second time."""
    marker = trace_of(settings.VAR, f"{word}-tried")
    if not marker.exists():
        marker.touch()
        raise NotThisTimeError
    leave_trace.call(word)


@task()
def take_long(word: str, seconds: float) -> None:
    """Say that it began, take its time the first time, leave a trace."""
    marker = trace_of(settings.VAR, f"{word}-began")
    first = not marker.exists()
    marker.touch()
    time.sleep(seconds if first else 0)
    leave_trace.call(word)


def trace_of(var: Path, word: str) -> Path:
    """Return the file in which a task leaves its trace."""
    return var / f"trace-{word}"


def enqueue_and_take_back(alias: str, word: str) -> None:
    """Enqueue a task in a transaction that is rolled back."""
    with transaction.atomic():
        leave_trace.using(backend=alias).enqueue(word)
        transaction.set_rollback(True)


def enqueue(alias: str, name: str, *args: object) -> None:
    """Enqueue one of the tasks of this module, or a sweep."""
    work = {"leave_trace": leave_trace, "fail_first": fail_first, "take_long": take_long, "run_sweep": run_sweep}[name]
    work.using(backend=alias).enqueue(*args)


def work_until_stopped() -> None:
    """Work as ``chancery work`` does until a signal comes; a dead worker's tasks are taken up after seconds."""
    for facts in settings.TASKS.values():
        facts.setdefault("OPTIONS", {}).update(SOON.get(facts["BACKEND"], {}))
    with suppress(SystemExit):
        loop.run_until_stopped()


def backends() -> list[str]:
    """Return the aliases of the task backends that the settings configure."""
    return sorted(task_backends)
