"""Run the test suite: on SQLite, on a PostgreSQL server of its own, and the stories in a browser."""

import argparse
import os
import subprocess
import sys

from chancery.interfaces.cli import postgres
from chancery.interfaces.cli.browser import find_browser
from chancery.interfaces.cli.console import say, tell
from chancery.interfaces.cli.nouns import Nouns


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

    codes = [_pytest("everything on SQLite", {}, arguments.pytest, browser=browser)]
    if server:
        with postgres.running(server) as url:
            words = ["-m", "not browser", *arguments.pytest]
            codes.append(
                _pytest(
                    "everything but the stories on PostgreSQL",
                    {"CHANCERY_DATABASE_URL": url},
                    words,
                    browser="",
                )
            )
    for name in missing:
        say(f"!!! SKIPPED: {name} was not found, so its part of the suite did NOT run (docs/testing.md).")
    return max(codes)


def _pytest(title: str, environment: dict[str, str], words: list[str], *, browser: str) -> int:
    say(f"== {title}")
    selection = [] if browser or "-m" in words else ["-m", "not browser"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *selection, *words],
        env={**os.environ, **environment, "CHANCERY_MODE": "test", "CHANCERY_CHROMIUM": browser},
        check=False,
    ).returncode
