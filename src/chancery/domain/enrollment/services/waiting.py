"""Keep the list of those who wait for a seat."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from chancery.domain.admissions.models import Application
from chancery.domain.enrollment.models import WaitingEntry
from chancery.domain.enrollment.services.places import lock_seats
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def join_waiting_list(*, application: Application, actor: Actor, now: datetime) -> WaitingEntry:
    """Put an application at the end of the waiting list; one that waits already keeps its rank."""
    lock_seats(application.edition)
    known = WaitingEntry.objects.filter(application=application).first()
    if known is not None:
        return known

    last = WaitingEntry.objects.filter(edition=application.edition).aggregate(last=Max("rank"))["last"] or 0
    entry = WaitingEntry.objects.create(
        application=application, edition=application.edition, rank=last + 1, joined_at=now
    )
    record(Event.WAITING_JOINED, actor=actor, subject=application, now=now, facts={"rank": entry.rank})
    return entry


@transaction.atomic
def leave_waiting_list(*, application: Application, actor: Actor, now: datetime) -> None:
    """Take an application off the waiting list; nothing happens to one that does not wait."""
    left = WaitingEntry.objects.filter(application=application, left_at=None).update(left_at=now)
    if left:
        record(Event.WAITING_LEFT, actor=actor, subject=application, now=now)
