"""Accounts of the office."""

import argparse
from typing import TYPE_CHECKING

from chancery.interfaces.cli.console import say, tell
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

if TYPE_CHECKING:
    from chancery.foundation.accounts.services import Invited


def register(nouns: Nouns) -> None:
    """Add ``office invite EMAIL --role ROLE`` and ``office let-in-anew EMAIL --because REASON``."""
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
    parser = commands.add_parser("let-in-anew", help="for a lost second factor; prints a link to begin anew")
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--because", required=True, metavar="REASON", help="kept in the history")
    parser.set_defaults(run=let_in)


def invite(arguments: argparse.Namespace) -> int:
    """Give the role and print the one-time link."""
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.accounts.addresses import NotAnAddress
    from chancery.foundation.accounts.roles import Role
    from chancery.foundation.accounts.services import invite_to_office
    from chancery.foundation.audit.actors import SYSTEM

    role = Role(arguments.role)
    try:
        invited = invite_to_office(email=arguments.email, role=role, actor=SYSTEM, now=clock.now())
    except NotAnAddress as refused:
        before = "local_part_not_ascii" in refused.ruling.reasons
        what = "has letters before the @ that are not ASCII" if before else "is not an e-mail address"
        tell(f"chancery: {arguments.email} {what}.")
        return 2
    _give_link(invited)
    return 0


def let_in(arguments: argparse.Namespace) -> int:
    """Take password and second factor of an office account away, and print the link by which it begins anew."""
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.accounts.addresses import NotAnAddress, address_of
    from chancery.foundation.accounts.models import User
    from chancery.foundation.accounts.queries import list_office_accounts
    from chancery.foundation.accounts.services import let_in_anew
    from chancery.foundation.audit.actors import SYSTEM

    try:
        user = list_office_accounts().get(email=address_of(arguments.email))
    except (NotAnAddress, User.DoesNotExist):
        tell(f"chancery: {arguments.email} is no account of the office.")
        return 1
    _give_link(let_in_anew(user=user, reason=arguments.because, actor=SYSTEM, now=clock.now()))
    return 0


def _give_link(invited: "Invited") -> None:
    from chancery.foundation.mail.rendering import link

    say(link("set-password", invited.token))
    tell(f"Works once, until {invited.expires_at:%Y-%m-%d %H:%M} UTC; also mailed to {invited.user.email}.")
