"""Run the worker."""

import argparse

from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready


def register(nouns: Nouns) -> None:
    """Add ``work [--once]``."""
    parser = nouns.add_parser("work", help="run the worker, configured by environment")
    parser.add_argument("--once", action="store_true", help="do what is due and end")
    parser.set_defaults(run=work)


def work(arguments: argparse.Namespace) -> int:
    """Sweep until told to stop, or once."""
    django_ready()
    from chancery.interfaces.worker import loop, sweeps

    if arguments.once:
        sweeps.sweep_everything()
        return 0
    loop.run_until_stopped()
    return 0
