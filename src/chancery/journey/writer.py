"""The step of telling a writer who is not the participant that a message arrived, and nothing else (decision 53)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from chancery.domain.enrollment.mails.writers import NOTE_TO_WRITER, writer_mail
from chancery.domain.enrollment.models import Place
from chancery.foundation.accounts.addresses import is_same_address
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import IncomingHandling, IncomingMail, OutgoingMail
from chancery.foundation.mail.queries import count_since
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.mail.states import NOT_A_PERSON


@transaction.atomic
def tell_other_writer(*, place: Place, heard: IncomingMail, now: datetime) -> OutgoingMail | None:
    """Queue the note, at most one a day about a place; None where the participant wrote, a program, or nobody known.

    The place is locked by the caller, so two messages at once bring one note.
    """
    handling = IncomingHandling.objects.filter(mail=heard).first()
    if handling is None or handling.kind in NOT_A_PERSON or not _is_another(handling.sender, place):
        return None
    if count_since(now - timedelta(days=1), about=ref(place), kinds=[NOTE_TO_WRITER]):
        return None

    return queue_mail(writer_mail(place, heard, to=handling.sender), now=now)


def _is_another(sender: str, place: Place) -> bool:
    """Tell whether an address can be written to and is neither the participant's nor our own, with or without token."""
    try:
        validate_email(sender)
    except ValidationError:
        return False
    name, _, domain = sender.lower().rpartition("@")
    own = settings.REPLY_ADDRESS.lower()
    return not is_same_address(sender, place.person.email) and f"{name.partition('+')[0]}@{domain}" != own
