"""The step of calling an edition off: nobody comes in any more, and who applied or waits is told (promise C5).

What becomes of the places is another step: everything back (``cancel``), or chosen by each (``choose``). Lock order:
seats, application.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.mails.not_held import edition_not_held_mail
from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.lookup import list_under_way
from chancery.domain.admissions.services.applying import end_with_edition
from chancery.domain.enrollment.services.places import lock_seats
from chancery.domain.enrollment.services.waiting import leave_waiting_list
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import list_editions_after
from chancery.domain.programme.services import call_off
from chancery.foundation.audit.actors import Actor
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation
from chancery.journey.correspond import dialogue_of

__all__ = ["end_applications", "next_edition_of"]


def end_applications(*, edition_id: int, note: str, actor: Actor, now: datetime) -> int:
    """Close the call of an edition and its seats, end each application that is no place, and tell its person.

    Return how many ended. An application at a time, so that a crash leaves each whole: run again, it goes on.
    """
    edition = _close(edition_id, note, actor, now)
    target = next_edition_of(edition, now=now)
    ids = list(list_under_way(edition).values_list("pk", flat=True))
    return sum(_end(application_id, edition, target, note, actor, now) for application_id in ids)


def next_edition_of(edition: Edition, *, now: datetime) -> Edition | None:
    """Return the next edition of the programme that has not begun; None while none is loaded."""
    return list_editions_after(edition, today=local_day(now, ZoneInfo(edition.time_zone))).first()


@transaction.atomic
def _close(edition_id: int, note: str, actor: Actor, now: datetime) -> Edition:
    """Hold the seats meanwhile: whoever takes one now is there when the places are looked through."""
    lock_seats(Edition.objects.get(pk=edition_id))
    return call_off(edition_id=edition_id, note=note, actor=actor, now=now)


@transaction.atomic
def _end(application_id: int, edition: Edition, target: Edition | None, note: str, actor: Actor, now: datetime) -> bool:
    lock_seats(edition)
    ended: Application | None = end_with_edition(application_id=application_id, actor=actor, now=now)
    if ended is None:
        return False
    leave_waiting_list(application=ended, actor=actor, now=now)
    drop_obligation(ObligationKind.OFFER, subject=ended, now=now)
    queue_mail(edition_not_held_mail(ended, target=target, note=note, thread=dialogue_of(ended)), now=now)
    return True
