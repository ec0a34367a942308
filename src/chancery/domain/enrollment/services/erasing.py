"""Erase the words of a place and of the letters by which somebody left; the facts about money stay."""

from datetime import datetime

from django.db import transaction

from chancery.domain.enrollment.models import CancellationNotice, Substitution
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.erasing import erase_personal_parts
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import ref
from chancery.foundation.audit.services import record
from chancery.foundation.mail.erasing import erase_incoming


@transaction.atomic
def erase_substitutes(*, application_id: int) -> int:
    """Take names and addresses out of the wishes that a colleague comes instead; return how many."""
    return Substitution.objects.filter(place__application=application_id).update(
        email="", name="", latin_name="", post="", because=""
    )


@transaction.atomic
def erase_named_colleague(*, email: str) -> int:
    """Take somebody's name and address out of the wishes of others that they come instead; return how many."""
    return Substitution.objects.filter(email=email).update(email="", name="", latin_name="", post="")


@transaction.atomic
def erase_notice(*, notice_id: int, actor: Actor, now: datetime) -> bool:
    """Delete the letter of a notice and what was found in it; when it came and what was decided stays.

    Return whether anything was left to delete.
    """
    notice = CancellationNotice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    mail_id = notice.mail_id
    if mail_id is None and not (notice.note or notice.decided_because or notice.found):
        return False
    notice.mail, notice.note, notice.decided_because, notice.found = None, "", "", []
    notice.save(update_fields=["mail", "note", "decided_because", "found"])
    if mail_id is not None:
        erase_incoming([mail_id], now=now)
    erase_personal_parts([ref(notice)])
    record(Event.NOTICE_ERASED, actor=actor, subject=notice, now=now, facts={"rule": "cancellation"})
    return True
