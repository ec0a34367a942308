"""Delete the words of mail that left and mail that came in, raw; that there was a mail stays known."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from chancery.foundation.files.removal import order_removal
from chancery.foundation.mail.models import (
    IncomingHandling,
    IncomingMail,
    MailboxMessage,
    MailContent,
    MailDelivery,
    MailDocument,
)
from chancery.foundation.mail.states import DeliveryState
from chancery.foundation.privacy.permits import erasure_permitted


@transaction.atomic
def erase_outgoing_words(mail_ids: Collection[int]) -> int:
    """Delete words and addresses of outgoing mail and let go of its papers; return how many had words.

    What still waits is held back: it has nothing to say any more.
    """
    with erasure_permitted("words of mail"):
        gone = MailContent.objects.filter(mail__in=mail_ids).delete()[0]
        MailDocument.objects.filter(mail__in=mail_ids).delete()
    deliveries = MailDelivery.objects.filter(mail__in=mail_ids)
    deliveries.exclude(error="").update(error="")
    waiting = [DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.FAILED]
    deliveries.filter(state__in=waiting).update(state=DeliveryState.WITHHELD, leased_until=None)
    return gone


@transaction.atomic
def let_go_of_documents(document_ids: Collection[int]) -> None:
    """Take documents that will be deleted off the mails they left with."""
    with erasure_permitted("papers of mail"):
        MailDocument.objects.filter(document__in=document_ids).delete()


@transaction.atomic
def erase_incoming(mail_ids: Collection[int], *, now: datetime) -> int:
    """Delete incoming mail with its raw bytes; a mailbox that still holds it does not hand it over again."""
    mails = IncomingMail.objects.filter(pk__in=mail_ids)
    files = list(mails.values_list("raw_id", flat=True))
    MailboxMessage.objects.filter(mail__in=mail_ids).update(mail=None)
    IncomingHandling.objects.filter(mail__in=mail_ids).delete()
    with erasure_permitted("mail that came in"):
        mails.delete()
    return order_removal(files, now=now)
