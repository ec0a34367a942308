"""Compile a typst program to PDF, in a warm process beside this one.

The compiler keeps what it has set, and a machine's worth of fonts: beside, that weight ends a while after the last
page, and this process stays small. The font of Chinese, Japanese and Korean weighs 32 MB, and the compiler keeps a
hundred for good once it has set one such name: those pages have a process of their own, which ends some seconds after
the last of them.
This module imports nothing of Chancery: a process of its own is up in some hundredths of a second.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import typst

type Standard = Literal["a-2a", "a-3a", "ua-1"]

PROGRAM = [sys.executable, "-m", "chancery.foundation.documents.compiling"]
SECONDS = 20
IDLE_SECONDS, IDLE_SECONDS_HEAVY = 60, 5
LONGEST = 200
HEAD = 9  # bytes before an answer: what it is, and how long
PAGE, REFUSAL = b"P", b"R"


class NotCompiled(Exception):  # exceptions are named as facts
    """The compiler gave no page; the message is its own."""


class _Ended(Exception):
    """The process beside has ended: by itself after its idle minute, or by force."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is compiled: a program, the folder its imports are read from, and the folders of its fonts."""

    program: str
    root: str
    fonts: Sequence[str]
    standards: Sequence[Standard]
    timestamp: int


def compile_beside(job: Job, *, is_heavy: bool = False) -> bytes:
    """Return the PDF, made by a warm compiler beside this process; one at a time.

    ``is_heavy``: by the one that may load the font of Chinese, Japanese and Korean.

    :raises NotCompiled: when the compiler refuses the program, takes longer than ``SECONDS``, or dies of it.
    """
    idle = IDLE_SECONDS_HEAVY if is_heavy else IDLE_SECONDS
    with suppress(_Ended):
        return _beside(os.getpid(), idle).compile(job)
    try:
        return _beside(os.getpid(), idle).compile(job)
    except _Ended as ended:
        raise NotCompiled(f"no page: {ended}") from ended


def compile_here(job: Job) -> bytes:
    """Return the PDF, made by the compiler of this process; one at a time.

    :raises NotCompiled: when the compiler refuses the program.
    """
    import typst

    compiler = _compiler(job.root, tuple(job.fonts))
    try:
        pages = compiler.compile(
            job.program.encode(), format="pdf", pdf_standards=[*job.standards], timestamp=job.timestamp
        )
    except typst.TypstError as error:
        raise NotCompiled(_first_line(error.diagnostic)) from error
    if not isinstance(pages, bytes):
        raise NotCompiled("the compiler gave no PDF")
    return pages


class _Beside:
    """A process that compiles one job after the other; started with the first one and again whenever it has ended."""

    def __init__(self, idle_seconds: int) -> None:
        self._program = [*PROGRAM, str(idle_seconds)]
        self._process: subprocess.Popen[bytes] | None = None

    def compile(self, job: Job) -> bytes:
        process = self._running()
        too_late = threading.Event()

        def give_up() -> None:
            too_late.set()
            process.kill()

        patience = threading.Timer(SECONDS, give_up)
        patience.start()
        try:
            kind, answer = _ask(process, json.dumps(asdict(job)).encode())
        except (OSError, EOFError) as error:
            self.end()
            if too_late.is_set():
                raise NotCompiled(f"no page after {SECONDS} seconds") from error
            raise _Ended(f"the compiler ended with {process.returncode}") from error
        finally:
            patience.cancel()
        if kind == REFUSAL:
            raise NotCompiled(answer.decode())
        return answer

    def end(self) -> None:
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._process = subprocess.Popen(self._program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process


@cache
def _beside(process: int, idle_seconds: int) -> _Beside:  # a forked child, another process, has compilers of its own
    beside = _Beside(idle_seconds)
    atexit.register(lambda: beside.end() if os.getpid() == process else None)
    return beside


def _ask(process: subprocess.Popen[bytes], question: bytes) -> tuple[bytes, bytes]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(len(question).to_bytes(HEAD - 1) + question)
    process.stdin.flush()
    head = _read(process.stdout, HEAD)
    return head[:1], _read(process.stdout, int.from_bytes(head[1:]))


def _read(pipe: IO[bytes], many: int) -> bytes:
    found = pipe.read(many)
    if len(found) < many:
        raise EOFError
    return found


def _first_line(diagnostic: str) -> str:
    """Return what is wrong, without the lines of the program that follow: those hold the facts of somebody's paper."""
    return diagnostic.strip().partition("\n")[0][:LONGEST]


@cache
def _compiler(root: str, fonts: tuple[str, ...]) -> "typst.Compiler":
    import typst

    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[*fonts])
    return typst.Compiler(root=root, font_paths=found, ignore_system_fonts=True)


def _compile_many(idle_seconds: int) -> int:
    """Answer jobs until nobody asks any more: the other side has ended, or let that time pass."""
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], idle_seconds)[0]:
        try:
            question = _read(asked, int.from_bytes(_read(asked, HEAD - 1)))
        except EOFError:
            return 0
        try:
            kind, answer = PAGE, compile_here(Job(**json.loads(question)))
        except NotCompiled as no:
            kind, answer = REFUSAL, str(no).encode()
        answered.write(kind + len(answer).to_bytes(HEAD - 1) + answer)
        answered.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_compile_many(int(sys.argv[1])))
