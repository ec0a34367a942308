"""Start the web server and the worker as children, and stop them without leaving anything behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

PATIENCE = 10  # seconds between asking a child to stop and ending its group


@contextmanager
def running(commands: Sequence[Sequence[str]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run each command in a session of its own for as long as the block lasts.

    Children are stopped with SIGTERM (SIGINT hangs the server at times), then their group with SIGKILL.
    """
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]
    try:
        yield children
    finally:
        _stop(children)


def web_server(host: str, port: int, workers: int) -> list[str]:
    """Return the command of the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--no-ws", "--log-level", "warning", "chancery.config.wsgi:application"),
    ]


def worker() -> list[str]:
    """Return the command of the worker."""
    return [sys.executable, "-m", "chancery", "work"]


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def wait_until_answering(port: int, children: Sequence[subprocess.Popen[bytes]], *, seconds: float = 60) -> bool:
    """Wait until the port answers; False when a child ended before or time ran out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            return False
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            time.sleep(0.05)
    return False


def wait_for_end(children: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until a signal comes or a child ends by itself; return the exit code of the command."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: stopped.append(got))
    while not stopped:
        if any(child.poll() is not None for child in children):
            return 1
        time.sleep(0.2)
    return 0


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
