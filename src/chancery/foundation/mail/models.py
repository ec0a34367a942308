"""Mail that leaves is a row first; what changes about it stands in a delivery row beside it."""

from django.db import models
from django.db.models import Q

from chancery.foundation.documents.models import Document
from chancery.foundation.files.models import StoredFile
from chancery.foundation.mail.authentication import SenderChecks, standing_of
from chancery.foundation.mail.states import DeliveryState, MailClass, SenderStanding, Verdict
from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class MailThread(models.Model):
    """A conversation about one subject; its token in the reply address proves the thread, not the person."""

    token = models.CharField(max_length=32, unique=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    purpose = models.CharField(max_length=30)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "purpose"], name="mail_thread_once_per_purpose"
            ),
        ]


class OutgoingMail(models.Model):
    """One mail as it will leave or has left; written once."""

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    thread = models.ForeignKey(MailThread, on_delete=models.PROTECT, null=True, related_name="outgoing")
    queued_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="trail", export=("kind", "queued_at"))

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="outgoing_mail_subject"),
            models.Index(fields=["-queued_at", "-id"], name="outgoing_mail_newest"),
        ]


class MailContent(models.Model):
    """The words and the address of a mail; only an erasure deletes it."""

    mail = models.OneToOneField(OutgoingMail, on_delete=models.PROTECT, related_name="content")
    to = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()

    privacy = Declaration(erase=Erase.DELETE, retention="outgoing_mail", export=("to", "subject", "text"))


class MailDocument(models.Model):
    """A document that travels with a mail; the mail waits until it is rendered."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.PROTECT, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="outgoing_mail")


class MailDelivery(models.Model):
    """Where a mail is on its way."""

    mail = models.OneToOneField(OutgoingMail, on_delete=models.PROTECT, related_name="delivery")
    state = models.CharField(max_length=10, choices=[(s, s) for s in DeliveryState], default=DeliveryState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="outgoing_mail")

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="mail_delivery_due", condition=Q(state__in=["queued", "sending"])),
        ]


class IncomingMail(models.Model):
    """A message that came in, kept raw before anything is marked or read."""

    sha256 = models.CharField(max_length=64, unique=True)
    message_id = models.CharField(max_length=250, db_index=True, blank=True)
    received_at = models.DateTimeField()
    received_source = models.CharField(max_length=30)
    raw = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(MailThread, on_delete=models.PROTECT, null=True, related_name="incoming")

    privacy = Declaration(erase=Erase.DELETE, retention="incoming_mail", export=("received_at",))


class MailboxMessage(models.Model):
    """That a message of a mailbox was taken in: the number under which the server counts it.

    The row outlives its mail, so that what was erased here is not fetched again.
    """

    mailbox = models.CharField(max_length=300)
    validity = models.BigIntegerField()
    number = models.BigIntegerField()
    mail = models.ForeignKey(IncomingMail, on_delete=models.PROTECT, null=True, related_name="mailbox_messages")

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="incoming_mail")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "validity", "number"], name="mailbox_message_taken_once")
        ]


class IncomingHandling(models.Model):
    """What an incoming mail was found to be, what our server said of its sender, and when somebody dealt with it.

    ``vouched_at`` is when a person said that it is from whom it seems to be.
    """

    mail = models.OneToOneField(IncomingMail, on_delete=models.PROTECT, related_name="handling")
    kind = models.CharField(max_length=10, choices=[(c, c) for c in MailClass])
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    own_text = models.TextField(blank=True)
    spf = models.CharField(max_length=7, choices=[(v, v) for v in Verdict], default=Verdict.UNKNOWN)
    dkim = models.CharField(max_length=7, choices=[(v, v) for v in Verdict], default=Verdict.UNKNOWN)
    dmarc = models.CharField(max_length=7, choices=[(v, v) for v in Verdict], default=Verdict.UNKNOWN)
    handled_at = models.DateTimeField(null=True)
    vouched_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.DELETE, retention="incoming_mail", export=("sender", "subject", "own_text"))

    @property
    def sender_standing(self) -> SenderStanding:
        """Whether our server confirmed the sender's domain."""
        return standing_of(SenderChecks(Verdict(self.spf), Verdict(self.dkim), Verdict(self.dmarc)))
