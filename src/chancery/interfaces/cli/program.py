"""Put the nouns together, parse, run one command."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from chancery.foundation.ruling import Refused

# Modules of this package; each is imported only when its noun is asked for, so that answers come fast.
NOUNS: dict[str, str] = {
    "up": "up",
    "serve": "serve",
    "work": "work",
    "test": "suite",
    "check": "check",
    "bench": "bench",
    "rehearse": "rehearse",
    "manage": "manage",
    "office": "office",
    "edition": "edition",
    "fee": "fee",
    "cancellation": "cancellation",
    "statement": "statement",
    "invoice": "invoice",
    "refund": "refund",
    "audit": "audit",
    "mail": "mail",
    "privacy": "privacy",
}
SUMMARY = {
    "up": "start the demo: web server and worker",
    "serve": "run the web server, configured by environment",
    "work": "run the worker, configured by environment",
    "test": "run the whole test suite",
    "check": "format, lint, types, contracts, migrations",
    "bench": "print the speed table",
    "rehearse": "run an edition through the real code in a scratch database",
    "manage": "Django's own commands, for operators",
    "office": "accounts of the office",
    "edition": "check, load or write back an edition file",
    "fee": "what a place costs and why",
    "cancellation": "what a cancellation notice is worth",
    "statement": "read or import a bank statement",
    "invoice": "write an invoice as PDF or XML",
    "refund": "pay approved refunds",
    "audit": "verify the audit trail",
    "mail": "take raw messages in",
    "privacy": "what is kept about people, and for how long",
}


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; a refusal is printed with its place and remedy."""
    parser = build_parser(arguments)
    parsed = parser.parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except Refused as refused:
        print(f"chancery: {_in_words(refused)}", file=sys.stderr)  # noqa: T201 (the answer of a command)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130


def _in_words(refused: Refused) -> str:
    """Return what stands in the way: as the refusal tells it, else in the words of the office's pages."""
    from django.conf import settings  # late: the words need Django, which some commands never start

    if refused.detail or not settings.configured:
        return str(refused)
    from chancery.interfaces.office.refusals import reasons_in_words

    return " ".join(reasons_in_words(refused))


def build_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser; only the module of the noun in ``arguments`` is imported, all of them for a bare help."""
    parser = argparse.ArgumentParser(prog="chancery", description="Run an executive diploma for city officials.")
    nouns = parser.add_subparsers(dest="noun", required=True, metavar="COMMAND")
    asked = next((word for word in arguments if word in NOUNS), None)
    for noun, module in NOUNS.items():
        if noun == asked:
            importlib.import_module(f"chancery.interfaces.cli.{module}").register(nouns)
        else:
            nouns.add_parser(noun, help=SUMMARY[noun], add_help=False)
    return parser
