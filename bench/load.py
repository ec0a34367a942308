"""Ask a server on loopback as fast as it answers, with as little work of our own as can be."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Page:
    """An address to ask for; ``cookie`` is sent with it."""

    port: int
    path: str
    cookie: str = ""

    @property
    def question(self) -> bytes:
        """The request as it goes over the wire."""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{cookie}\r\n".encode()


class Asking:
    """A connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, question: bytes) -> bytes:
        """Send a request and return the head of the answer once all of it has come.

        :raises ConnectionError: when the answer is not 200.
        """
        self._socket.sendall(question)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].lower()
        if not head.startswith(b"http/1.1 200"):
            raise ConnectionError(head[:200].decode(errors="replace"))
        left = int(head.partition(b"content-length:")[2].split(None, 1)[0]) - (len(got) - end - 4)
        while left > 0:
            left -= len(self._more())
        return head

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _more(self) -> bytes:
        got = self._socket.recv(262_144)
        if not got:
            raise ConnectionError("the server hung up")
        return got


def answers_a_second(page: Page, seconds: float) -> float:
    """Return how many answers a second come over a few connections at once."""
    counts: list[int] = []
    errors: list[str] = []

    def go_on(until: float) -> None:
        asking, question, done = Asking(page.port), page.question, 0
        try:
            while time.monotonic() < until:
                asking.ask(question)
                done += 1
        except Exception as error:
            errors.append(f"{page.path}: {error!r}")
        finally:
            asking.close()
            counts.append(done)

    started = time.monotonic()
    _at_once([lambda: go_on(started + seconds)] * CONNECTIONS)
    if errors:
        raise ConnectionError(errors[0])
    return sum(counts) / (time.monotonic() - started)


def seconds_each(pages: Sequence[Page]) -> list[float]:
    """Ask for the pages one after the other; return how long each took."""
    asking, took = Asking(pages[0].port), []
    for page in pages:
        started = time.perf_counter()
        asking.ask(page.question)
        took.append(time.perf_counter() - started)
    asking.close()
    return took


def people_at_once(acts: Sequence[Callable[[], None]]) -> tuple[list[float], list[str]]:
    """Let each act run in a thread of its own, all at once; return how long each took, and the errors."""
    gate, took, errors = threading.Barrier(len(acts)), [], []

    def live(act: Callable[[], None]) -> None:
        gate.wait()
        started = time.perf_counter()
        try:
            act()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        took.append(time.perf_counter() - started)

    _at_once([partial(live, act) for act in acts])
    return took, errors


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def median(values: Sequence[float]) -> float:
    """Return the value in the middle."""
    return percentile(values, 0.5)


def _at_once(acts: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
