"""Queue mail in the transaction of the act; the worker sends it afterwards."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import Ref
from chancery.foundation.audit.services import record
from chancery.foundation.mail.models import MailContent, MailDelivery, MailDocument, MailThread, OutgoingMail
from chancery.foundation.mail.queries import list_due_deliveries
from chancery.foundation.mail.states import DeliveryState
from chancery.foundation.mail.threads import thread_token
from chancery.foundation.ruling import Refused, refusal

LEASE = timedelta(minutes=2)
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)


class MailNotWithholdable(Refused):
    """Only mail that waits or failed can be held back; what is being sent or has left cannot."""


class MailNotResendable(Refused):
    """Only mail that has left, failed or is withheld can be sent again."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as a room built it; ``dedupe_key`` makes the same mail leave once however often it is queued."""

    kind: str
    about: Ref
    to: str
    language: str
    subject: str
    text: str
    html: str
    dedupe_key: str
    thread: MailThread | None = None
    document_ids: tuple[int, ...] = field(default=())


@transaction.atomic
def queue_mail(mail: Mail, *, now: datetime) -> OutgoingMail:
    """Store the mail for sending; queueing the same key again changes nothing and returns the first row.

    A mail to nobody, such as to a person who was erased, is held back for a person to look at.
    """
    row, created = OutgoingMail.objects.get_or_create(
        dedupe_key=mail.dedupe_key,
        defaults={
            "kind": mail.kind,
            "subject_kind": mail.about.kind,
            "subject_id": mail.about.id,
            "message_id": make_msgid(domain=settings.REPLY_ADDRESS.rpartition("@")[2]),
            "thread": mail.thread,
            "queued_at": now,
        },
    )
    if not created:
        return row

    MailContent.objects.create(
        mail=row, to=mail.to, language=mail.language, subject=mail.subject, text=mail.text, html=mail.html
    )
    MailDocument.objects.bulk_create([MailDocument(mail=row, document_id=id_) for id_ in mail.document_ids])
    state = DeliveryState.QUEUED if mail.to else DeliveryState.WITHHELD
    MailDelivery.objects.create(mail=row, state=state, next_at=now)
    return row


@transaction.atomic
def open_thread(*, about: Ref, purpose: str) -> MailThread:
    """Return the conversation about a subject, opened on first use."""
    thread, _ = MailThread.objects.get_or_create(
        subject_kind=about.kind,
        subject_id=about.id,
        purpose=purpose,
        defaults={"token": thread_token(about, purpose)},
    )
    return thread


@transaction.atomic
def lease_due_mail(*, machine_now: datetime, story_now: datetime) -> OutgoingMail | None:
    """Take the next mail whose documents are all rendered, for this worker alone, or return None.

    A lease that ran out means that a worker died while sending: the mail is tried again under the same Message-ID.
    """
    waiting = list_due_deliveries(machine_now=machine_now, story_now=story_now)
    due = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("next_at", "id").first()
    if due is None:
        return None
    due.state = DeliveryState.SENDING
    due.attempts += 1
    due.leased_until = machine_now + LEASE
    due.save(update_fields=["state", "attempts", "leased_until"])
    return due.mail


@transaction.atomic
def mark_sent(mail: OutgoingMail, *, now: datetime) -> None:
    """Note that the mail has left; one that left before, or that a story dated beforehand, keeps its instant."""
    left_at = Coalesce("sent_at", Value(now), output_field=DateTimeField())
    MailDelivery.objects.filter(mail=mail).update(
        state=DeliveryState.SENT, sent_at=left_at, leased_until=None, error=""
    )


@transaction.atomic
def date_waiting_mail() -> None:
    """Let each mail that waits have left when it was asked for: a story is played long after its days."""
    asked_at = OutgoingMail.objects.filter(pk=OuterRef("mail_id")).values("queued_at")
    MailDelivery.objects.filter(state=DeliveryState.QUEUED, sent_at=None).update(sent_at=Subquery(asked_at))


@transaction.atomic
def mark_failed(mail: OutgoingMail, *, error: str, now: datetime) -> None:
    """Note a failure and when to try again; after the last try a person has to look."""
    delivery = MailDelivery.objects.select_for_update().get(mail=mail)
    over = delivery.attempts > len(BACK_OFF)
    delivery.state = DeliveryState.FAILED if over else DeliveryState.QUEUED
    delivery.next_at = now if over else now + BACK_OFF[delivery.attempts - 1]
    delivery.leased_until = None
    delivery.error = error[:300]
    delivery.save(update_fields=["state", "next_at", "leased_until", "error"])


@transaction.atomic
def withhold_mail(*, mail_id: int, actor: Actor, now: datetime) -> MailDelivery:
    """Hold a waiting or failed mail back until somebody sends it.

    :raises MailNotWithholdable: when it is being sent, has left, or is held back already.
    """
    delivery = MailDelivery.objects.select_for_update().select_related("mail").get(mail_id=mail_id)
    if delivery.state not in {DeliveryState.QUEUED, DeliveryState.FAILED}:
        raise MailNotWithholdable(refusal("mail_not_waiting"))
    delivery.state = DeliveryState.WITHHELD
    delivery.save(update_fields=["state"])
    record(Event.MAIL_WITHHELD, actor=actor, subject=delivery.mail, now=now)
    return delivery


@transaction.atomic
def resend_mail(*, mail_id: int, actor: Actor, now: datetime) -> MailDelivery:
    """Put a mail that left, failed or is withheld back into the queue; when it left first stays written down.

    :raises MailNotResendable: while it is waiting or being sent.
    """
    delivery = MailDelivery.objects.select_for_update().select_related("mail").get(mail_id=mail_id)
    if delivery.state in {DeliveryState.QUEUED, DeliveryState.SENDING}:
        raise MailNotResendable(refusal("mail_still_on_its_way"))
    delivery.state, delivery.attempts, delivery.next_at, delivery.error = DeliveryState.QUEUED, 0, now, ""
    delivery.save(update_fields=["state", "attempts", "next_at", "error"])
    record(Event.MAIL_RESENT, actor=actor, subject=delivery.mail, now=now)
    return delivery
