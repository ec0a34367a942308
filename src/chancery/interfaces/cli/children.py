"""Start the web server and the worker as children, and stop them without leaving anything behind.

Children are forked from this process after it has read the whole program, so that they answer at once and share its
memory.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from multiprocessing import get_context, set_start_method
from multiprocessing.context import ForkProcess

from django.db import connections

PATIENCE = 10  # seconds between asking a child to stop and ending its group
# Few threads a web process: Python runs one at a time, and each holds a database connection of its own.
WEB_THREADS = 4
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

type Act = Callable[[], object]


@contextmanager
def running(acts: Sequence[Act]) -> Iterator[list[ForkProcess]]:
    """Do each act in a child with a session of its own for as long as the block lasts.

    Children are stopped with SIGTERM (SIGINT hangs the server at times), then their group with SIGKILL.
    """
    children = [fork(act) for act in acts]
    try:
        yield children
    finally:
        _stop(children)


def fork(act: Act) -> ForkProcess:
    """Start a child that does one act; it shares no database connection with this process."""
    disconnect()
    sys.stdout.flush()
    sys.stderr.flush()
    child = get_context("fork").Process(target=_live, args=(act,))
    child.start()
    return child


def disconnect() -> None:
    """Close every connection to the database, those that a pool keeps as well: two processes on one would mix up."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's connection has it


def read_pages() -> None:
    """Read the code of all pages, so that what is forked from this process answers at once and need not read it."""
    import_module("chancery.config.urls")


def web_server(host: str, port: int, workers: int) -> Act:
    """Return the act of serving pages."""
    return partial(_serve_pages, host, port, workers)


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def wait_until_answering(port: int, children: Sequence[ForkProcess], *, seconds: float = 60) -> bool:
    """Wait until the port answers; False when a child ended before or time ran out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not all(child.is_alive() for child in children):
            return False
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            time.sleep(0.02)
    return False


def wait_for_end(children: Sequence[ForkProcess]) -> int:
    """Wait until a signal comes or a child ends by itself; return the exit code of the command."""
    stopped: list[int] = []
    for number in SIGNALS:
        signal.signal(number, lambda got, _frame: stopped.append(got))
    while not stopped:
        if not all(child.is_alive() for child in children):
            return 1
        time.sleep(0.2)
    return 0


def _live(act: Act) -> None:
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    act()


def _serve_pages(host: str, port: int, workers: int) -> None:
    """Serve with workers that are forked from this process, once it has read all pages."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    read_pages()
    import_module("chancery.config.wsgi")
    set_start_method("fork", force=True)
    Server(
        "chancery.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=WEB_THREADS,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _stop(children: Sequence[ForkProcess]) -> None:
    for child in children:
        if child.is_alive():
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.join(timeout=max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid or 0, signal.SIGKILL)
