"""The step of changing an edition's values: first whom it touches, then the change, never below the seats taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice
from chancery.domain.enrollment.queries import count_seats
from chancery.domain.enrollment.services.places import lock_seats
from chancery.domain.programme.models import Edition
from chancery.domain.programme.services import Draft, Loaded, draft_changes
from chancery.domain.programme.services import change_settings as write_settings
from chancery.foundation.audit.actors import Actor
from chancery.foundation.ruling import Refused, refusal

CAPACITY = "edition.capacity"


class SeatsTaken(Refused):
    """More seats are taken or offered than the wanted capacity has."""

    def __init__(self, taken: int) -> None:
        """Keep how many."""
        self.taken = taken
        super().__init__(refusal("seats_taken"))


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom other values would find where: how many keep what they had, how many will see the new."""

    keep_terms: int
    drafts: int
    open_bills: int


@dataclass(frozen=True, slots=True)
class SettingsPlan:
    """What would change and whom it touches; nothing is written."""

    draft: Draft
    touched: Touched


def count_touched(edition: Edition) -> Touched:
    """Return how many applications keep their frozen terms, how many drafts will see new ones, and open bills."""
    applications = Application.objects.filter(edition=edition)
    bills = Invoice.objects.filter(
        edition=edition, balance__allocated_minor__lt=F("balance__total_minor") - F("balance__credited_minor")
    )
    return Touched(
        keep_terms=applications.exclude(terms=None).count(),
        drafts=applications.filter(state=ApplicationState.DRAFT).count(),
        open_bills=bills.count(),
    )


def plan_settings(edition: Edition, wanted: Mapping[str, Any]) -> SettingsPlan:
    """Return what would change; changes nothing.

    :raises SeatsTaken: when the capacity would fall below the seats that are taken or offered.
    :raises chancery.domain.programme.services.SettingsUnchanged: when no value differs.
    :raises chancery.domain.programme.readers.EditionRefused: when the values hold errors.
    """
    draft = draft_changes(edition, wanted)
    seats = count_seats(edition)
    _check_seats(wanted, seats.taken + seats.held)
    return SettingsPlan(draft, count_touched(edition))


@transaction.atomic
def change_settings(
    *, edition_id: int, seen: int, wanted: Mapping[str, Any], accepted: bool, actor: Actor, now: datetime
) -> Loaded:
    """Write other values into the edition; seats are locked first, so that none is taken meanwhile.

    :raises SeatsTaken: as :func:`plan_settings`, and what its service raises.
    """
    if CAPACITY in wanted:
        counter = lock_seats(Edition.objects.get(pk=edition_id))
        _check_seats(wanted, counter.taken + counter.held)
    return write_settings(edition_id=edition_id, seen=seen, wanted=wanted, accepted=accepted, actor=actor, now=now)


def _check_seats(wanted: Mapping[str, Any], taken: int) -> None:
    capacity = wanted.get(CAPACITY)
    if isinstance(capacity, int) and capacity < taken:
        raise SeatsTaken(taken)
