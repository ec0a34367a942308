"""The real web server on loopback, for our site and for bare views."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SITE = "chancery.config.wsgi:application"
BARE = "bench.bare:application"


@contextmanager
def serving(application: str, *, workers: int = 1, path: str = "/healthz") -> Iterator[int]:
    """Serve a WSGI application as ``chancery serve`` does for as long as the block lasts; yields the port."""
    port = free_port()
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", _threads(), "--no-ws", "--log-level", "warning"),
            application,
        ],
        start_new_session=True,
    )
    try:
        wait_for_page(port, path, child)
        yield port
    finally:
        end(child)


def wait_for_page(port: int, path: str, child: subprocess.Popen[bytes], *, seconds: float = 120) -> None:
    """Wait until a page is served.

    :raises RuntimeError: when the server ends before, or time runs out.
    """
    deadline = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{path} was not served")


def end(child: subprocess.Popen[bytes]) -> None:
    """Stop a server and whatever it started."""
    if child.poll() is None:
        child.terminate()
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=15)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _threads() -> str:
    from chancery.interfaces.cli.children import WEB_THREADS

    return str(WEB_THREADS)
