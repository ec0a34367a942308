"""Run the test suite: on SQLite, on a PostgreSQL server of its own, and the stories in a browser.

Parts are tested beside each other, one more than there are cores, at most three: a Python process keeps one core busy,
and stories wait half of their time for the browser. What measures how long others wait comes after them and alone, or
the other parts would be what it measures.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from chancery.config.environment import ROOT
from chancery.interfaces.cli import postgres
from chancery.interfaces.cli.browser import find_browser
from chancery.interfaces.cli.console import say, tell
from chancery.interfaces.cli.nouns import Nouns

# One half of what runs on an engine without processes and browser, so that the lanes end at about the same time.
RULES = ("tests/house", "tests/domain", "tests/foundation", "tests/config")
HALVES = {"journeys": "journeys and pages", "rules": "rules and services"}
# Where tests of a kind live: to look through all the others for them takes each part a dozen seconds.
STORIES = ("tests/stories",)
PROCESSES = ("tests/engine", "tests/interfaces/demo")
MOST_LANES = 3
NOTHING_SELECTED = 5  # pytest's own code
SECONDS_BETWEEN_NEWS = 30
PERCENTAGE = re.compile(r"\[ *(\d+)%\]")


@dataclass(frozen=True)
class Part:
    """Tests of one kind on one engine, in a process and a folder of their own."""

    name: str
    title: str
    selection: str  # an expression over pytest's markers
    database: str = ""  # a URL, or empty for SQLite
    browser: str = ""
    only: tuple[str, ...] = ()  # paths, where not all are meant

    @property
    def folder(self) -> Path:
        """Where the part keeps its files, apart from those of a part beside it."""
        return ROOT / "var" / "test" / self.name

    @property
    def output(self) -> Path:
        """Where the part's words wait for its end."""
        return self.folder / "output.txt"


@dataclass
class Running:
    """A part at work."""

    part: Part
    process: subprocess.Popen[bytes]
    started: float


def register(nouns: Nouns) -> None:
    """Add ``test [--complete] [PYTEST ARGUMENTS]``."""
    parser = nouns.add_parser("test", help="run the whole test suite")
    parser.add_argument("--complete", action="store_true", help="a missing browser or PostgreSQL fails, as in CI")
    parser.add_argument("pytest", nargs="*", help="arguments handed to pytest")
    parser.set_defaults(run=test)


def test(arguments: argparse.Namespace) -> int:
    """Run every part that can run; say loudly what was skipped, or fail for it with ``--complete``."""
    browser, server = find_browser(), postgres.find_programs()
    missing = [name for name, found in (("a Chromium browser", browser), ("PostgreSQL", server)) if not found]
    if missing and arguments.complete:
        tell(f"chancery test --complete needs {' and '.join(missing)}; see docs/testing.md for where it looks.")
        return 1

    with ExitStack() as until_the_end:
        url = until_the_end.enter_context(postgres.running(server)) if server else ""
        whole = not any(Path(word.partition("::")[0]).exists() for word in arguments.pytest)
        for half in HALVES if whole and url else ():
            postgres.make_database(url, half)
        beside, alone = _parts(browser or "", url, whole=whole)
        codes = _run(beside, arguments.pytest, lanes=min(MOST_LANES, (os.cpu_count() or 1) + 1))
        codes += _run(alone, arguments.pytest, lanes=1)

    for name in missing:
        say(f"!!! SKIPPED: {name} was not found, so its part of the suite did NOT run (docs/testing.md).")
    if arguments.pytest and set(codes) != {NOTHING_SELECTED}:
        codes = [0 if code == NOTHING_SELECTED else code for code in codes]
    return max(codes)


def _parts(browser: str, url: str, *, whole: bool) -> tuple[list[Part], list[Part]]:
    """Return the parts that may run beside each other, the longest first, then those that run alone.

    ``whole`` says that the caller names no paths, so that a part may be split by them.
    """
    processes, waits = "engine and not waits", "waits"
    with_processes, with_browser = (PROCESSES, STORIES) if whole else ((), ())
    lite, server = _halves("sqlite", "SQLite", whole=whole), _halves("postgresql", "PostgreSQL", url, whole=whole)
    beside, alone = lite, [Part("sqlite-waits", "how long others wait on SQLite", waits, only=with_processes)]
    if url:
        beside = [each for pair in zip(server, lite, strict=True) for each in pair]
    if browser:
        beside.insert(0, Part("stories", "stories in a browser", "browser", browser=browser, only=with_browser))
    beside.append(Part("sqlite-processes", "real processes on SQLite", processes, only=with_processes))
    if url:
        title = "real processes on PostgreSQL"
        beside.append(Part("postgresql-processes", title, processes, database=url, only=with_processes))
        title = "how long others wait on PostgreSQL"
        alone.append(Part("postgresql-waits", title, waits, database=url, only=with_processes))
    return beside, alone


def _halves(name: str, engine: str, url: str = "", *, whole: bool) -> list[Part]:
    """Return what runs on an engine without processes and browser, the longer half first; one part of what is named.

    Each half has a database of its own on a server, of its name.
    """
    selection = f"not engine and not browser{' and not sqlite' if url else ''}"
    if not whole:
        return [Part(name, f"rules, services and pages on {engine}", selection, database=url)]
    elsewhere = (f"--ignore={path}" for path in ("tests/engine", *STORIES, *RULES))
    only = {"journeys": ("tests", *elsewhere), "rules": RULES}
    return [
        Part(
            f"{name}-{half}",
            f"{title} on {engine}",
            selection,
            database=f"{url.rpartition('/')[0]}/{half}" if url else "",
            only=only[half],
        )
        for half, title in HALVES.items()
    ]


def _run(parts: Sequence[Part], words: list[str], *, lanes: int) -> list[int]:
    """Run the parts, so many at a time, and return their exit codes; a stop from outside stops them all."""
    waiting, running, codes = list(parts), list[Running](), list[int]()
    news_at = time.monotonic() + SECONDS_BETWEEN_NEWS
    try:
        while waiting or running:
            while waiting and len(running) < lanes:
                running.append(_start(waiting.pop(0), words))
            time.sleep(0.2)
            for ended in [one for one in running if one.process.poll() is not None]:
                running.remove(ended)
                codes.append(_end(ended))
            if time.monotonic() > news_at:
                tell(", ".join(f"{one.part.name} {_percentage(one.part.output)}" for one in running))
                news_at += SECONDS_BETWEEN_NEWS
    finally:
        for one in running:
            one.process.terminate()
            one.process.wait()
    return codes


def _start(part: Part, words: list[str]) -> Running:
    tell(f"== {part.title}")
    part.folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "CHANCERY_MODE": "test",
        "CHANCERY_VAR": str(part.folder),
        "CHANCERY_CHROMIUM": part.browser,
        **({"CHANCERY_DATABASE_URL": part.database} if part.database else {}),
    }
    with part.output.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-m", part.selection, *_narrowed(words, part.selection), *part.only],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Running(part, process, time.monotonic())


def _narrowed(words: list[str], selection: str) -> list[str]:
    """Return pytest's arguments with a selection of the caller's narrowed to that of the part."""
    if "-m" not in words[:-1]:
        return words
    at = words.index("-m") + 1
    return [*words[:at], f"({words[at]}) and ({selection})", *words[at + 1 :]]


def _end(ended: Running) -> int:
    say(f"== {ended.part.title}: {time.monotonic() - ended.started:.0f} s")
    say(ended.part.output.read_text(errors="replace"))
    return int(ended.process.returncode)


def _percentage(output: Path) -> str:
    found: Iterable[str] = PERCENTAGE.findall(output.read_text(errors="replace"))
    return f"{max(map(int, found), default=0)} %"
