"""Ask for a copy of one's data, answer, and take the file away again."""

from datetime import datetime

from django.db import transaction

from chancery.foundation.accounts.models import User
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.removal import order_removal
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import meet_obligation, open_obligation
from chancery.foundation.privacy.archive import PersonalCopy
from chancery.foundation.privacy.models import DataRequest
from chancery.foundation.privacy.queries import copy_of_the_day, waiting_request
from chancery.foundation.privacy.retention import months_after

# GDPR art. 12(3): within one month of the request.
ANSWER_WITHIN = 1


@transaction.atomic
def ask_for_copy(*, user: User, actor: Actor, now: datetime) -> DataRequest:
    """Take the wish for a copy, or return the one of the same day or that is not answered yet.

    The law gives us a month (GDPR art. 12(3)); a copy of everything is heavy, so that one a day is made.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before = waiting_request(user) or copy_of_the_day(user, now=now)
    if before is not None:
        return before
    asked = DataRequest.objects.create(user=user, asked_at=now)
    open_obligation(
        ObligationKind.DATA_REQUEST,
        subject=asked,
        due_at=months_after(now, ANSWER_WITHIN),
        basis="GDPR art. 12(3): a copy within one month",
        now=now,
    )
    record(Event.DATA_ASKED, actor=actor, subject=asked, now=now)
    return asked


@transaction.atomic
def answer_request(*, request_id: int, content: bytes, copy: PersonalCopy, now: datetime) -> bool:
    """Keep the packed copy where its owner fetches it; return whether the request was still open."""
    asked = DataRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if asked.answered_at is not None:
        return False
    asked.file = store_bytes(
        content, purpose=Purpose.DATA_COPY, name=f"{now:%Y-%m-%d}.zip", content_type="application/zip", now=now
    )
    asked.answered_at = now
    asked.save(update_fields=["file", "answered_at"])
    meet_obligation(ObligationKind.DATA_REQUEST, subject=asked, now=now)
    facts = {"records": copy.rows, "files": len(copy.files)}
    record(Event.DATA_DISCLOSED, actor=SYSTEM, subject=asked, now=now, facts=facts)
    return True


@transaction.atomic
def take_copy_away(*, request_id: int, now: datetime) -> bool:
    """Delete the file of an answered request; that it was answered stays. Return whether there was one."""
    asked = DataRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if asked.file_id is None:
        return False
    file_id, asked.file = asked.file_id, None
    asked.save(update_fields=["file"])
    order_removal([file_id], now=now)
    record(Event.DATA_COPY_DELETED, actor=SYSTEM, subject=asked, now=now)
    return True


@transaction.atomic
def close_requests(*, user: User, now: datetime) -> None:
    """Take all copies of somebody away and end what they still wait for: they asked to be erased."""
    for asked in DataRequest.objects.select_for_update(of=("self",)).filter(user=user).order_by("pk"):
        take_copy_away(request_id=asked.pk, now=now)
        if asked.answered_at is None:
            DataRequest.objects.filter(pk=asked.pk).update(answered_at=now)
            meet_obligation(ObligationKind.DATA_REQUEST, subject=asked, now=now)
