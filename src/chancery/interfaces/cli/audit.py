"""The audit trail."""

import argparse
from dataclasses import asdict

from chancery.interfaces.cli.console import answer, say
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready


def register(nouns: Nouns) -> None:
    """Add ``audit verify [--json]``."""
    acts = nouns.add_parser("audit", help="the audit trail").add_subparsers(dest="act", required=True, metavar="ACT")
    parser = acts.add_parser("verify", help="whether the trail is as it was written")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.set_defaults(run=verify)


def verify(arguments: argparse.Namespace) -> int:
    """Seal what is not sealed yet, recompute the chain, and end with 1 where it is broken."""
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.audit.queries import verify_chain
    from chancery.foundation.audit.services import seal_events

    while seal_events(now=clock.now()):
        pass
    report = verify_chain()
    if arguments.json:
        answer(asdict(report))
    elif report.intact:
        say(f"{report.events} events, chain intact")
    else:
        say(f"{report.events} events, broken at event {report.first_broken}")
    return 0 if report.intact else 1
