"""Print the speed table: every work beside its limit of the same run."""

import argparse
import subprocess
import sys

from chancery.config.environment import ROOT
from chancery.interfaces.cli.console import tell
from chancery.interfaces.cli.nouns import Nouns


def register(nouns: Nouns) -> None:
    """Add ``bench [--only NAME]... [--large] [--json]``."""
    parser = nouns.add_parser("bench", help="print the speed table")
    parser.add_argument("--only", action="append", default=[], metavar="WORK", help="this work only; may be repeated")
    parser.add_argument("--large", action="store_true", help="also what takes minutes: 100,000 lines of a statement")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=bench)


def bench(arguments: argparse.Namespace) -> int:
    """Hand the arguments to ``bench/``, which stands beside the package and is not installed with it."""
    if not (ROOT / "bench" / "__main__.py").exists():
        tell("chancery bench needs the checkout: bench/ is not part of the installed package.")
        return 1
    words = [word for work in arguments.only for word in ("--only", work)]
    words += [f"--{name}" for name in ("large", "json") if getattr(arguments, name)]
    return subprocess.run([sys.executable, "-m", "bench", *words], cwd=ROOT, check=False).returncode
