"""A web server on a scratch database, and people who write to it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from tests.engine.databases import Scratch
from tests.engine.processes import PATIENCE

CSRF = "0123456789abcdefghijklmnopqrstuv"
PAUSE = 0.25  # seconds between two saves of a writer: eight of them are a hundred who save every few seconds


@contextmanager
def serving(scratch: Scratch, *, workers: int) -> Iterator[int]:
    """Serve the scratch database for as long as the block lasts; yield the port."""
    port = _free_port()
    server = subprocess.Popen(_command(port, workers), env=scratch.environment, start_new_session=True)
    try:
        _wait_until_answering(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)
        _end_group(server.pid)


@dataclass(slots=True)
class Writer:
    """An applicant whose page saves what is typed, again and again."""

    port: int
    reference: str
    session: str
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def write_until(self, stop: threading.Event) -> None:
        """Save until told to stop; note how long each save took and what failed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not stop.wait(PAUSE):
            began = time.monotonic()
            try:
                status = self._save(connection, f"Floods, version {len(self.seconds)}.")
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
                continue
            self.seconds.append(time.monotonic() - began)
            if status != 200:
                self.failures.append(f"status {status}")
        connection.close()

    def _save(self, connection: HTTPConnection, words: str) -> int:
        body = urlencode({"problem": words, "act": "autosave", "csrfmiddlewaretoken": CSRF})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"session={self.session}; csrf={CSRF}",
            "Connection": "keep-alive",
        }
        connection.request("POST", f"/my/applications/{self.reference}/problem/", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


@contextmanager
def writing(writers: list[Writer]) -> Iterator[None]:
    """Let everybody write at once for as long as the block lasts."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.write_until, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _command(port: int, workers: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--no-ws", "--log-level", "warning", "chancery.config.wsgi:application"),
    ]


def _wait_until_answering(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the web server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
