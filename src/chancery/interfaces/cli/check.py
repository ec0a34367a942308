"""What CI runs before the tests: format, lint, types, contracts, migrations; then a report of what stands out."""

import argparse
import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from chancery.config.environment import ROOT
from chancery.interfaces.cli.console import say
from chancery.interfaces.cli.nouns import Nouns

LARGE_FILE, LARGE_FUNCTION = 300, 40
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("-m", "ruff", "check", "--quiet", ".")),
    (
        "types",
        (
            "-m",
            "mypy",
        ),
    ),
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
    """Run every step, say which failed, and end with the report of large files and functions."""
    failed = [title for title, words in STEPS if not _passes(title, words)]
    _report()
    say(f"check: {'FAILED: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def _passes(title: str, words: tuple[str, ...]) -> bool:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chancery.config.settings", **PRODUCTION}
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=False)
    say(f"{title}: {'ok' if done.returncode == 0 else 'FAILED'}")
    return done.returncode == 0


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
