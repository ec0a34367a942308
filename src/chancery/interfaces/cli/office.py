"""Accounts of the office."""

import argparse

from chancery.interfaces.cli.console import say, tell
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready


def register(nouns: Nouns) -> None:
    """Add ``office invite EMAIL --role ROLE``."""
    from chancery.foundation.accounts.roles import Role

    commands = nouns.add_parser("office", help="accounts of the office").add_subparsers(
        dest="command", required=True, metavar="COMMAND"
    )
    parser = commands.add_parser("invite", help="give an address a role; prints a link to set its password")
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument(
        "--role",
        required=True,
        type=lambda text: text.replace("-", " "),
        choices=[str(role) for role in Role],
        metavar="ROLE",
        help=", ".join(str(role).replace(" ", "-") for role in Role),
    )
    parser.set_defaults(run=invite)


def invite(arguments: argparse.Namespace) -> int:
    """Give the role and print the one-time link."""
    django_ready()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from chancery.foundation import clock
    from chancery.foundation.accounts.roles import Role
    from chancery.foundation.accounts.services import invite_to_office
    from chancery.foundation.audit.actors import SYSTEM
    from chancery.foundation.mail.rendering import link

    try:
        validate_email(arguments.email)
    except ValidationError:
        tell(f"chancery: {arguments.email} is not an e-mail address.")
        return 2
    invited = invite_to_office(email=arguments.email, role=Role(arguments.role), actor=SYSTEM, now=clock.now())
    say(link("set-password", invited.token))
    tell(f"Works once, until {invited.expires_at:%Y-%m-%d %H:%M} UTC; also mailed to {invited.user.email}.")
    return 0
