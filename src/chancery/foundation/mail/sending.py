"""Send one stored mail through the configured mailer, outside any transaction."""

from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from chancery.foundation.files.storage import read_bytes
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.mail.threads import reply_address


def send(mail: OutgoingMail, *, now: datetime) -> None:
    """Hand the mail over; the Message-ID is the stored one, so a second try is recognisable as the same mail.

    :raises OSError, smtplib.SMTPException: when the mailer does not take it.
    """
    message_of(mail, now=now).send()


def message_of(mail: OutgoingMail, *, now: datetime) -> EmailMultiAlternatives:
    """Return the message as it leaves, with its documents, which have to be rendered."""
    content = mail.content
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(now),
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(
        subject=content.subject,
        body=content.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[content.to],
        reply_to=[reply_address(mail.thread.token) if mail.thread else settings.REPLY_ADDRESS],
        headers=headers,
    )
    message.attach_alternative(content.html, "text/html")
    for attached in mail.documents.select_related("document__rendering__file"):
        document = attached.document
        message.attach(document.filename, read_bytes(document.rendering.file), "application/pdf")
    return message
