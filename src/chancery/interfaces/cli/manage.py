"""Django's own commands, for operators."""

import argparse

from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready


def register(nouns: Nouns) -> None:
    """Add ``manage ARGUMENTS...``."""
    parser = nouns.add_parser("manage", help="Django's own commands, for operators", prefix_chars="\0")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(run=manage)


def manage(arguments: argparse.Namespace) -> int:
    """Hand the arguments to Django."""
    django_ready()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["chancery manage", *arguments.arguments])
    return 0
