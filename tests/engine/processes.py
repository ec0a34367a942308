"""Run an act in a process of its own on a scratch database: wait for its answer, or kill it."""

import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from tests.engine.databases import Scratch

PATIENCE = 120  # seconds
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["__main__", "tests.engine.loaded"])


@dataclass(slots=True)
class Running:
    """A process on its way. ``started`` is when its act began, on this machine's monotonic clock."""

    process: Any
    pipe: Connection
    started: float
    took: float = 0.0

    def answer(self) -> Any:
        """Wait for the answer and the end of the process; an act that raised fails the test with its traceback."""
        try:
            assert self.pipe.poll(PATIENCE), "the act did not answer"
            good, value = self.pipe.recv()
            self.took = time.monotonic() - self.started
        finally:
            self._end()
        if not good:
            raise AssertionError(value)
        return value

    def kill_after(self, seconds: float) -> bool:
        """Kill -9 the process that long after its act began; tell whether it was still at work."""
        time.sleep(max(0.0, self.started + seconds - time.monotonic()))
        at_work = not self.pipe.poll()
        self.process.kill()
        self._end()
        return at_work

    def stop(self) -> None:
        """Ask the process to stop (SIGTERM) and wait for its end."""
        self.process.terminate()
        self.answer()

    def _end(self) -> None:
        self.process.join(PATIENCE)
        self.process.close()
        self.pipe.close()


def start(scratch: Scratch, act: Callable[..., Any], *args: Any) -> Running:
    """Start an act in a process of its own; returns when it begins."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_live, args=(scratch, act, args, theirs))
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE), "the process did not start"
    return Running(process, ours, ours.recv())


def run(scratch: Scratch, act: Callable[..., Any], *args: Any) -> Any:
    """Run an act in a process of its own and return its answer."""
    return start(scratch, act, *args).answer()


def run_together(scratch: Scratch, calls: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Any]:
    """Run several acts at once, each in a process of its own; return their answers in order."""
    return [each.answer() for each in [start(scratch, act, *args) for act, args in calls]]


def _live(scratch: Scratch, act: Callable[..., Any], args: tuple[Any, ...], pipe: Connection) -> None:
    from django.db import connections

    _move_to(scratch)
    pipe.send(time.monotonic())
    try:
        answer = (True, act(*args))
    except BaseException:
        answer = (False, traceback.format_exc())
    connections.close_all()
    pipe.send(answer)
    pipe.close()


def _move_to(scratch: Scratch) -> None:
    """Point this process at the scratch database and its folder, before it connects for the first time."""
    from django.conf import settings
    from django.db import connections

    from chancery.config.environment import database_from_url, mailer_from_url

    connections.settings["default"].update(database_from_url(scratch.url))
    settings.VAR, settings.FILES_ROOT, settings.MAIL_FILES = scratch.var, scratch.var / "files", scratch.var / "mail"
    settings.MAILERS = {"default": mailer_from_url("file://", scratch.var / "mail")}
