"""What processes do with a mailbox; the real code, as the worker calls it."""

import os
from datetime import datetime
from typing import Any

from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.foundation.mail.mailbox import Mailbox, MailboxNotReadable, mailbox_from_url
from chancery.foundation.mail.models import IncomingMail, MailboxMessage
from chancery.journey import correspond
from tests.engine.seeds import NOW, bill_places
from tests.factories.notices import facts_of, reply


def letter_of_a_place(at: datetime) -> bytes:
    """Return the reply of somebody who leaves a place, with a Date of its own that counts for nothing."""
    bill_places(1)
    place = Place.objects.select_related("person", "edition__programme", "thread").get()
    raw = reply(place, facts_of(place), at=at)
    return raw.partition(b"\r\n")[2]  # without a Received header: the server's own instant has to tell


def fetch(url: str) -> int | str:
    """Look into the mailbox once; return how many were new, or why it cannot be read."""
    try:
        return correspond.fetch_mail(mailbox_from_url(url), now=NOW)
    except MailboxNotReadable as error:
        return str(error)


def fetch_and_die_before_the_mark(url: str) -> None:
    """Take a message in, and be killed before it is marked as read."""
    Mailbox.mark_read = lambda self, number: os.kill(os.getpid(), 9)  # type: ignore[method-assign]
    correspond.fetch_mail(mailbox_from_url(url), now=NOW)


def taken() -> dict[str, Any]:
    """Return what is ours."""
    return {
        "mails": IncomingMail.objects.count(),
        "numbers": MailboxMessage.objects.count(),
        "notices": list(CancellationNotice.objects.values_list("state", flat=True)),
        "received": [at.isoformat() for at in IncomingMail.objects.values_list("received_at", flat=True)],
    }
