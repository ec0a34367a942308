"""Take raw messages in, as a mailbox poller does."""

import argparse
from pathlib import Path

from chancery.interfaces.cli.console import say, tell
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready


def register(nouns: Nouns) -> None:
    """Add ``mail receive FILE.eml...`` and ``mail poll``."""
    verbs = nouns.add_parser("mail", help="take raw messages in").add_subparsers(dest="verb", required=True)
    parser = verbs.add_parser("receive", help="take raw messages in, as the mailbox poller does")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.eml")
    parser.set_defaults(run=receive)
    parser = verbs.add_parser("poll", help="look into the mailbox of CHANCERY_IMAP_URL once")
    parser.set_defaults(run=poll)


def receive(arguments: argparse.Namespace) -> int:
    """Take each file in; a file that cannot be read is named and the others are taken in all the same."""
    django_ready()
    from chancery.foundation import clock
    from chancery.journey import correspond

    failed = False
    for file in arguments.files:
        try:
            raw = file.read_bytes()
        except OSError as error:
            tell(f"{file}: {error.strerror}")
            failed = True
            continue
        taken = correspond.receive_mail(raw=raw, source="file", now=clock.now())
        say(f"{file}: {'taken in' if taken.new else 'known'}")
    return 1 if failed else 0


def poll(arguments: argparse.Namespace) -> int:
    """Look into the mailbox once and say how many messages were new; 1 where it cannot be read."""
    django_ready()
    from django.conf import settings

    from chancery.foundation import clock
    from chancery.foundation.mail.mailbox import MailboxNotReadable, mailbox_from_url
    from chancery.journey import correspond

    if not settings.IMAP_URL:
        tell("chancery: no mailbox is set; give CHANCERY_IMAP_URL=imaps://user:password@host/folder")
        return 2
    try:
        new = correspond.fetch_mail(mailbox_from_url(settings.IMAP_URL), now=clock.now())
    except (MailboxNotReadable, ValueError) as error:
        tell(f"chancery: {error}")
        return 1
    say(f"{new} new messages taken in")
    return 0
