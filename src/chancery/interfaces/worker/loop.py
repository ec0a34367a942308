"""Keep the pulse: ask each half second which sweep has work, and enqueue it as a task."""

import threading

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connections
from django.db.utils import DatabaseError
from django.tasks import TaskResult
from django.tasks.exceptions import TaskResultDoesNotExist

from chancery.interfaces.worker.sweeps import SWEEPS
from chancery.interfaces.worker.tasks import run_sweep

PULSE = 0.5  # seconds
logger = structlog.get_logger()


def run_until_stopped() -> None:
    """Run the task worker in this thread and the pulse beside it; a signal ends both."""
    stop = threading.Event()
    pulse = threading.Thread(target=_beat, args=(stop,), name="pulse", daemon=True)
    pulse.start()
    try:
        call_command(settings.WORKER_COMMAND, interval=PULSE, verbosity=0)
    finally:
        stop.set()
        pulse.join(timeout=5)


def _beat(stop: threading.Event) -> None:
    running: dict[str, TaskResult[[str], int]] = {}
    while not stop.wait(PULSE):
        close_old_connections()
        try:
            for sweep in SWEEPS:
                if _is_free(running.get(sweep.name)) and sweep.is_due():
                    running[sweep.name] = run_sweep.enqueue(sweep.name)
        except DatabaseError as error:  # the database is away: the next beat tries again
            logger.warning("pulse_missed", error=type(error).__name__)
    connections.close_all()


def _is_free(result: "TaskResult[[str], int] | None") -> bool:
    if result is None or result.is_finished:
        return True
    try:
        result.refresh()
    except TaskResultDoesNotExist:  # old rows are pruned
        return True
    return bool(result.is_finished)
