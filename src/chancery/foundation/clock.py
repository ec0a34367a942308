"""The clock is read at the edge, once an act, and passed in.

The machine's clock everywhere, except that a demo or rehearsal lives in its story's time: a travelled instant while
the story is played, then the demo clock of the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.conf import settings

HEARTBEAT = timedelta(seconds=20)
_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def machine_now() -> datetime:
    """Return the machine's time; sign-in codes, sessions and leases use it even in the demo."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the time in which the acts of this instance happen."""
    if not settings.DEMO:
        return machine_now()
    return _travelled.get() or _story_now()


@contextmanager
def travel(instant: datetime) -> Iterator[None]:
    """Live at ``instant`` inside the block; only a demo or rehearsal may.

    :raises RuntimeError: when this is a production instance.
    """
    if not settings.DEMO:
        raise RuntimeError("only a demo or rehearsal travels in time")
    token = _travelled.set(instant)
    try:
        yield
    finally:
        _travelled.reset(token)


def _story_now() -> datetime:
    clock = apps.get_model("tasks", "DemoClock").objects.first()
    if clock is None:
        return machine_now()
    if not clock.running:
        return clock.story_at
    elapsed = min(machine_now() - clock.machine_at, HEARTBEAT)
    return clock.story_at + max(elapsed, timedelta(0))
