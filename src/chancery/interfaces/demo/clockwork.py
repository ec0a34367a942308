"""The story's clock: runs while ``up`` runs, stands still otherwise, and is kept in the database."""

import threading
from datetime import datetime

from django.db import connections, transaction
from django.db.utils import DatabaseError

from chancery.foundation import clock
from chancery.foundation.tasks.models import DemoClock


@transaction.atomic
def set_to(instant: datetime) -> None:
    """Set the story's clock, standing."""
    DemoClock.objects.update_or_create(
        pk=1, defaults={"story_at": instant, "machine_at": clock.machine_now(), "running": False}
    )


@transaction.atomic
def start() -> None:
    """Let the clock run from where it stood."""
    DemoClock.objects.filter(pk=1).update(machine_at=clock.machine_now(), running=True)


@transaction.atomic
def beat() -> None:
    """Keep the time that has passed, so that a crash loses no more than a heartbeat."""
    DemoClock.objects.filter(pk=1, running=True).update(story_at=clock.now(), machine_at=clock.machine_now())


@transaction.atomic
def stop() -> None:
    """Let the clock stand where it is."""
    DemoClock.objects.filter(pk=1, running=True).update(
        story_at=clock.now(), machine_at=clock.machine_now(), running=False
    )


def keep_beating(stopped: threading.Event, seconds: float) -> None:
    """Beat until told to stop; a database that is busy costs one beat."""
    while not stopped.wait(seconds):
        try:
            beat()
        except DatabaseError:
            continue
    connections.close_all()
