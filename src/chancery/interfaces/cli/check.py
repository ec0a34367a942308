"""What CI runs before the tests: format, lint, types, contracts, migrations; then a report of what stands out."""

import argparse
import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chancery.config.environment import ROOT
from chancery.interfaces.cli.console import say
from chancery.interfaces.cli.nouns import Nouns

LARGE_FILE, LARGE_FUNCTION = 300, 40
# The longest first: the others run beside it.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("types", ("-m", "mypy")),
    ("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("-m", "ruff", "check", "--quiet", ".")),
    (
        "contracts",
        ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"),
    ),
    ("migrations", ("-m", "django", "makemigrations", "--check", "--dry-run", "-v", "0")),
    ("deployment", ("-m", "django", "check", "--deploy", "--fail-level", "WARNING")),
    ("words", ("-m", "chancery.foundation.ui.words", "missing")),
)
PRODUCTION = {
    "CHANCERY_MODE": "production",
    "CHANCERY_SITE_URL": "https://diploma.example",
    "CHANCERY_HOSTS": "diploma.example",
}


def register(nouns: Nouns) -> None:
    """Add ``check``."""
    parser = nouns.add_parser("check", help="format, lint, types, contracts, migrations")
    parser.set_defaults(run=check)


def check(arguments: argparse.Namespace) -> int:
    """Run every step, as many beside each other as there are cores; say which failed, and what stands out by size."""
    with ThreadPoolExecutor(os.cpu_count()) as beside:
        ended = list(beside.map(_run, (words for _, words in STEPS)))
    failed = []
    for (title, _), done in zip(STEPS, ended, strict=True):
        say(f"{done.stdout}{title}: {'ok' if done.returncode == 0 else 'FAILED'}")
        failed += [title] if done.returncode else []
    _report()
    say(f"check: {'FAILED: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def _run(words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chancery.config.settings", **PRODUCTION}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _report() -> None:
    say("What stands out by size (a report, never a failure):")
    for path in sorted((ROOT / "src").rglob("*.py")):
        lines = path.read_text().count("\n")
        if lines > LARGE_FILE:
            say(f"  {path.relative_to(ROOT)}: {lines} lines")
        for name, length in _large_functions(path):
            say(f"  {path.relative_to(ROOT)}: {name}() has {length} lines")


def _large_functions(path: Path) -> Iterator[tuple[str, int]]:
    if "migrations" in path.parts:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and (length := (node.end_lineno or 0) - node.lineno + 1) > LARGE_FUNCTION:
            yield node.name, length
