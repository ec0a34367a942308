"""Take a raw message in: kept before anything is read from it, once however often it is handed over."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.mail.authentication import sender_checks
from chancery.foundation.mail.models import IncomingHandling, IncomingMail, MailboxMessage, MailThread, OutgoingMail
from chancery.foundation.mail.reading import ReadMail, read_mail


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A message that was kept; ``new`` is false when it was here before."""

    mail: IncomingMail
    new: bool


@transaction.atomic
def take_in(
    raw: bytes,
    *,
    source: str,
    now: datetime,
    received_at: datetime | None = None,
    read: ReadMail | None = None,
    goes_first: str = "",
) -> TakenIn:
    """Store the raw message, what it was found to be and its thread; ``read`` where it was read before.

    Of several threads one with the purpose that ``goes_first`` is its own, else the one that the message names first.

    The instant of reception is ``received_at`` where our mailbox tells it, else our own server's stamp (the topmost
    Received header), never the Date header; a message without either counts from ``now``. The same bytes are taken in
    once.
    """
    digest = hashlib.sha256(raw).hexdigest()
    known = IncomingMail.objects.filter(sha256=digest).first()
    if known:
        return TakenIn(known, new=False)
    read = read or read_mail(raw)
    file = store_bytes(raw, purpose=Purpose.RAW_MAIL, name=f"{digest[:12]}.eml", content_type="message/rfc822", now=now)
    try:
        with transaction.atomic():
            mail = IncomingMail.objects.create(
                sha256=digest,
                message_id=read.message_id,
                received_at=received_at or read.received_at or now,
                received_source="stamp" if read.received_at and not received_at else source,
                raw=file,
                thread=_thread(read, goes_first),
            )
    except IntegrityError:  # another process took in the same bytes just now
        return TakenIn(IncomingMail.objects.get(sha256=digest), new=False)
    _note_handling(mail, read)
    record(
        Event.MAIL_RECEIVED, actor=SYSTEM, subject=mail, now=now, facts={"kind": read.kind, "thread": mail.thread_id}
    )
    return TakenIn(mail, new=True)


def fetched_numbers(*, mailbox: str, validity: int, among: Collection[int]) -> set[int]:
    """Return which of these numbers of a mailbox were taken in, in one query."""
    rows = MailboxMessage.objects.filter(mailbox=mailbox, validity=validity, number__gte=min(among, default=0))
    return set(rows.values_list("number", flat=True)) & set(among)


@transaction.atomic
def note_fetched(*, mailbox: str, validity: int, number: int, mail: IncomingMail) -> None:
    """Note under which number of a mailbox a message was taken in."""
    MailboxMessage.objects.get_or_create(mailbox=mailbox, validity=validity, number=number, defaults={"mail": mail})


def _note_handling(mail: IncomingMail, read: ReadMail) -> None:
    checks = sender_checks(read.results, server=settings.AUTHSERV_ID, sender=read.sender)
    IncomingHandling.objects.create(
        mail=mail,
        kind=read.kind,
        sender=read.sender,
        subject=read.subject,
        own_text=read.own_text,
        spf=checks.spf,
        dkim=checks.dkim,
        dmarc=checks.dmarc,
    )


def _thread(read: ReadMail, goes_first: str) -> MailThread | None:
    """Return the thread by the addresses of a message, or, where none is a thread's, by the messages it answers."""
    named = {thread.token: thread for thread in MailThread.objects.filter(token__in=read.tokens)}
    threads = [named[token] for token in read.tokens if token in named] or _answered(read.answers)
    return min(threads, key=lambda thread: thread.purpose != goes_first, default=None)


def _answered(message_ids: Sequence[str]) -> list[MailThread]:
    mails = OutgoingMail.objects.filter(message_id__in=message_ids).exclude(thread=None).select_related("thread")
    answered = {mail.message_id: mail.thread for mail in mails}
    return [thread for each in message_ids if (thread := answered.get(each))]
