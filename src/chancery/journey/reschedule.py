"""The step of settling the dates: first whom it touches and what moves, then the change and everybody told."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, QuerySet

from chancery.domain.admissions.mails.dates import dates_told_mail
from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.admissions.states import STILL_OPEN
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.invoices import HAS_OPEN
from chancery.domain.enrollment.mails import dates_settled_mail
from chancery.domain.enrollment.policies import free_exit_until, refundable_until
from chancery.domain.enrollment.queries import list_places
from chancery.domain.enrollment.services.places import move_refund_deadlines
from chancery.domain.programme.models import DateChange, Edition
from chancery.domain.programme.policies.settling import Dates
from chancery.domain.programme.queries import current_rule
from chancery.domain.programme.services import settle_dates as write_dates
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.tasks import heartbeats
from chancery.journey.correspond import dialogue_of

CHUNK = 200
TOLD = "dates told: "


@dataclass(frozen=True, slots=True)
class DatesPlan:
    """Whom other dates touch and what moves with them."""

    places: int
    applications: int
    refund_now: datetime | None
    refund_then: datetime | None
    free_exit_until: datetime | None
    open_bills: int
    bills_due_after_start: int
    same_days: bool

    @property
    def people(self) -> int:
        """How many people are told."""
        return self.places + self.applications


def plan_dates(edition: Edition, wanted: Dates, *, now: datetime) -> DatesPlan:
    """Return what would move; changes nothing."""
    zone, rule = ZoneInfo(edition.time_zone), current_rule(edition)
    same = wanted.same_days_as(_dates(edition))
    places = list_places(edition)
    latest = places.aggregate(latest=Max("refundable_until"))["latest"]
    then = refundable_until(starts_on_printed=edition.starts_on, starts_on=wanted.starts_on, terms=rule, zone=zone)
    bills = Invoice.objects.filter(HAS_OPEN, lines__charge__place__in=places, lines__charge__current=True).distinct()
    return DatesPlan(
        places=places.count(),
        applications=_under_way(edition).count(),
        refund_now=latest,
        refund_then=max(latest, then) if latest else None,
        free_exit_until=None if same else free_exit_until(settled_at=now, terms=rule, zone=zone),
        open_bills=bills.count(),
        bills_due_after_start=bills.filter(due_on__gte=wanted.starts_on).count(),
        same_days=same,
    )


def settle_dates(*, edition_id: int, wanted: Dates, actor: Actor, now: datetime) -> DateChange:
    """Confirm or move the dates, with the deadlines of every place and a mail to everybody touched.

    Places move and are told in the transaction of the change; applicants are told afterwards in short steps, each mail
    once. What a crash leaves untold the worker tells (``tell_the_untold``).

    :raises chancery.domain.programme.services.DatesNotSettled: when the days cannot hold.
    """
    change = _change(edition_id, wanted, actor, now)
    _tell_everybody(change, now)
    return change


def tell_the_untold(*, now: datetime) -> int:
    """Finish telling applicants of changes where that was broken off; return how many changes."""
    changes = DateChange.objects.select_related("edition").order_by("pk")
    untold = [change for change in changes if not heartbeats.is_noted(f"{TOLD}{change.pk}")]
    for change in untold:
        _tell_everybody(change, now)
    return len(untold)


def someone_is_untold() -> bool:
    """Tell whether a change has not been told to its end."""
    return DateChange.objects.count() > heartbeats.count_noted(TOLD)


def _tell_everybody(change: DateChange, now: datetime) -> None:
    last = 0
    while ids := list(
        _under_way(change.edition).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        _tell_applicants(ids, change, now)
        last = ids[-1]
    heartbeats.note(f"{TOLD}{change.pk}", at=now)


@transaction.atomic
def _change(edition_id: int, wanted: Dates, actor: Actor, now: datetime) -> DateChange:
    change = write_dates(edition_id=edition_id, wanted=wanted, actor=actor, now=now)
    edition = change.edition
    move_refund_deadlines(edition=edition)
    zone = ZoneInfo(edition.time_zone)
    moved = (change.starts_before, change.ends_before) != (change.starts_on, change.ends_on)
    for place in list_places(edition).select_related("application__terms", "person", "edition"):
        terms = frozen_rule(place.application)
        until = free_exit_until(settled_at=now, terms=terms, zone=zone) if moved else None
        thread = dialogue_of(place.application)
        queue_mail(dates_settled_mail(place, change, free_exit_until=until, thread=thread), now=now)
    return change


@transaction.atomic
def _tell_applicants(ids: list[int], change: DateChange, now: datetime) -> None:
    for application in Application.objects.filter(pk__in=ids).select_related("person").order_by("pk"):
        thread = dialogue_of(application)
        queue_mail(dates_told_mail(application, change, thread), now=now)


def _under_way(edition: Edition) -> QuerySet[Application]:
    return Application.objects.filter(edition=edition, state__in=STILL_OPEN)


def _dates(edition: Edition) -> Dates:
    return Dates(edition.starts_on, edition.ends_on, edition.provisional)
