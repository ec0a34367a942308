"""Compile a typst program to PDF: in this process, or in one of its own that ends with the page.

The font of Chinese, Japanese and Korean weighs 32 MB, and the compiler keeps a hundred for good once it has set one
such name. Those pages are set apart, a tenth of a second slower, so that no process carries that weight around.
This module imports nothing of Chancery: the process of its own is up in some hundredths of a second.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import typst

type Standard = Literal["a-2a", "a-3a", "ua-1"]

REFUSED = 3
SECONDS = 20
LONGEST = 200


class NotCompiled(Exception):  # exceptions are named as facts
    """The compiler gave no page; the message is its own."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is compiled: a program, the folder its imports are read from, and the folders of its fonts."""

    program: str
    root: str
    fonts: Sequence[str]
    standards: Sequence[Standard]
    timestamp: int


def compile_here(job: Job) -> bytes:
    """Return the PDF, made by the warm compiler of this process; one at a time.

    :raises NotCompiled: when the compiler refuses the program.
    """
    import typst

    compiler = _compiler(os.getpid(), job.root, tuple(job.fonts))
    try:
        pages = compiler.compile(
            job.program.encode(), format="pdf", pdf_standards=[*job.standards], timestamp=job.timestamp
        )
    except typst.TypstError as error:
        raise NotCompiled(_first_line(error.diagnostic)) from error
    if not isinstance(pages, bytes):
        raise NotCompiled("the compiler gave no PDF")
    return pages


def compile_apart(job: Job) -> bytes:
    """Return the PDF, the same bytes, made by a process that ends with it.

    :raises NotCompiled: when the compiler refuses the program, or takes longer than ``SECONDS``.
    """
    command = [sys.executable, "-m", "chancery.foundation.documents.compiling"]
    try:
        told = subprocess.run(
            command, input=json.dumps(asdict(job)).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotCompiled(f"no page after {SECONDS} seconds") from error
    if told.returncode:
        raise NotCompiled(told.stderr.decode(errors="replace").strip())
    return told.stdout


def _first_line(diagnostic: str) -> str:
    """Return what is wrong, without the lines of the program that follow: those hold the facts of somebody's paper."""
    return diagnostic.strip().partition("\n")[0][:LONGEST]


@cache
def _compiler(process: int, root: str, fonts: tuple[str, ...]) -> "typst.Compiler":  # the process is only a key
    """Return the one warm compiler of a process; a forked child needs its own: threads die in a fork."""
    import typst

    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[*fonts])
    return typst.Compiler(root=root, font_paths=found, ignore_system_fonts=True)


def _main() -> int:
    try:
        pages = compile_here(Job(**json.load(sys.stdin)))
    except NotCompiled as no:
        sys.stderr.write(str(no))
        return REFUSED
    sys.stdout.buffer.write(pages)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
