"""Confirm or move the dates of an edition."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.programme.models import DateChange, Edition
from chancery.domain.programme.policies.settling import Dates, may_settle
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.foundation.ruling import Refused


class DatesNotSettled(Refused):
    """The wanted days are those that hold, out of order, past, or before applications close."""


@transaction.atomic
def settle_dates(*, edition_id: int, wanted: Dates, actor: Actor, now: datetime) -> DateChange:
    """Write the new dates and keep what they were; whom it touches is told by the stair.

    :raises DatesNotSettled: when the policy refuses the days.
    """
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition_id)
    zone = ZoneInfo(edition.time_zone)
    current = Dates(edition.starts_on, edition.ends_on, edition.provisional)
    ruling = may_settle(
        current,
        wanted,
        today=local_day(now, zone),
        applications_close_on=local_day(edition.closes_at, zone),
    )
    if not ruling:
        raise DatesNotSettled(ruling)

    edition.starts_on, edition.ends_on, edition.provisional = wanted.starts_on, wanted.ends_on, wanted.provisional
    edition.dates_settled_at = now
    edition.save(update_fields=["starts_on", "ends_on", "provisional", "dates_settled_at"])
    change = DateChange.objects.create(
        edition=edition,
        starts_before=current.starts_on,
        ends_before=current.ends_on,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        provisional=wanted.provisional,
        changed_by=actor.reference,
        changed_at=now,
    )
    name = Event.EDITION_DATES_CONFIRMED if wanted.same_days_as(current) else Event.EDITION_DATES_MOVED
    facts = {"starts_on": wanted.starts_on.isoformat(), "ends_on": wanted.ends_on.isoformat()}
    record(name, actor=actor, subject=edition, now=now, facts=facts)
    return change
