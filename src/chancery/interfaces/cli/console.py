"""Answers go to standard output, progress and refusals to standard error."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from chancery.foundation.money import Money, exponent


def answer(document: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON document."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def say(text: str = "") -> None:
    """Print a line of an answer that people read."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def sum_text(minor: int, currency: str) -> str:
    """Return a sum in minor units as an answer says it: with thousands apart and the digits of its currency."""
    return f"{Money(minor, currency).decimal:,.{exponent(currency)}f}"


def tell(text: str) -> None:
    """Print a line of progress or a refusal."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Progress:
    """A bar on a terminal, a line a step elsewhere."""

    def __init__(self, title: str, total: int) -> None:
        self.title, self.total, self.done = title, total, 0
        self.terminal = sys.stderr.isatty()
        self.started = time.monotonic()

    def step(self, words: str = "") -> None:
        """Move on by one."""
        self.done = min(self.done + 1, self.total)
        if self.terminal:
            filled = 30 * self.done // max(self.total, 1)
            sys.stderr.write(f"\r\x1b[K{self.title} [{'#' * filled}{'.' * (30 - filled)}] {words[:40]}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line and say how long it took."""
        lead = "\r\x1b[K" if self.terminal else ""
        sys.stderr.write(f"{lead}{self.title}: done in {time.monotonic() - self.started:.1f} s\n")
        sys.stderr.flush()
