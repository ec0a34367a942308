"""Keep the list of those who wait for a seat."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from chancery.domain.admissions.models import Application
from chancery.domain.enrollment.models import SeatCounter, WaitingEntry
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
def hold_seat(*, entry: WaitingEntry, until: datetime) -> None:
    """Hold a seat for somebody until an instant; the caller holds the seats locked and has seen a free one."""
    SeatCounter.objects.filter(edition=entry.edition_id).update(held=F("held") + 1)
    entry.offered_until = until
    entry.save(update_fields=["offered_until"])


@transaction.atomic
def prolong_offer(*, entry: WaitingEntry, until: datetime, reason: str, actor: Actor, now: datetime) -> None:
    """Hold the seat of an offer for longer."""
    entry.offered_until = until
    entry.save(update_fields=["offered_until"])
    record(
        Event.OFFER_PROLONGED,
        actor=actor,
        subject=entry.application,
        now=now,
        facts={"until": until.isoformat()},
        personal={"reason": reason.strip()},
    )


@transaction.atomic
def leave_waiting_list(*, application: Application, actor: Actor, now: datetime) -> None:
    """Take an application off the waiting list and set free what was held for it; nothing where it does not wait.

    The seats are locked before the application is (see the lock order of places).
    """
    entry = WaitingEntry.objects.select_for_update(of=("self",)).filter(application=application, left_at=None).first()
    if entry is None:
        return
    if entry.offered_until is not None:
        SeatCounter.objects.filter(edition=entry.edition_id).update(held=F("held") - 1)
    entry.left_at = now
    entry.save(update_fields=["left_at"])
    record(Event.WAITING_LEFT, actor=actor, subject=application, now=now)
