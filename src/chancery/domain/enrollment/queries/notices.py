"""Read the notices of who leaves, and the colleagues who come instead."""

from zoneinfo import ZoneInfo

from django.db.models import Case, QuerySet, When

from chancery.domain.billing.models import BankEntry
from chancery.domain.billing.queries.bank import lines_waiting_for
from chancery.domain.enrollment.models import (
    CancellationNotice,
    Place,
    Substitution,
)
from chancery.domain.enrollment.queries.bills import billed_lines
from chancery.domain.enrollment.states import (
    NOTICE_WAITS,
    SUBSTITUTION_OPEN,
    NoticeState,
    SubstitutionState,
)
from chancery.domain.programme.models import Edition
from chancery.foundation.calendar import local_day


def list_notices(edition: Edition, *, waiting: bool | None = None) -> QuerySet[CancellationNotice]:
    """Return the messages of an edition's places about leaving, newest first; those that wait, those that do not."""
    rows = CancellationNotice.objects.filter(place__edition=edition).select_related(
        "place__person", "place__application__authority__city", "place__edition", "mail__handling", "decided_by"
    )
    if waiting is not None:
        rows = rows.filter(state__in=NOTICE_WAITS) if waiting else rows.exclude(state__in=NOTICE_WAITS)
    return rows.order_by("-received_at", "-id")


def list_beside(notice: CancellationNotice) -> QuerySet[CancellationNotice]:
    """Return the other messages about the place of a notice with their words, oldest first."""
    rows = CancellationNotice.objects.filter(place=notice.place_id).exclude(pk=notice.pk)
    return rows.select_related("mail__handling").order_by("id")


def money_waiting_for(notice: CancellationNotice) -> list[BankEntry]:
    """Return the lines that wait for a bill of the place and, once booked, count as paid by the day of the notice.

    Each carries its balance, whose ``left_minor`` is what waits. Later money is no part of what the terms keep.
    """
    day = local_day(notice.counts_from, ZoneInfo(notice.place.edition.time_zone))
    bills = [line.invoice for line in billed_lines(notice.place)]
    lines = {line.pk: line for bill in bills for line in lines_waiting_for(bill)}
    return [line for line in lines.values() if (line.value_date or line.booking_date or day) <= day]


def open_substitution(place: Place) -> Substitution | None:
    """Return the colleague who is named for a place and about whom nobody has decided, or None."""
    return Substitution.objects.filter(place=place, state__in=SUBSTITUTION_OPEN).first()


def count_to_hand_over(edition: Edition) -> int:
    """Count the colleagues who said yes and whose place the office has not handed over yet."""
    return Substitution.objects.filter(place__edition=edition, state=SubstitutionState.CONFIRMED).count()


def list_substitutions(edition: Edition) -> QuerySet[Substitution]:
    """Return whom participants of an edition named to come instead, those that wait for the office first."""
    rows = Substitution.objects.filter(place__edition=edition).select_related(
        "place__person", "place__application__authority__city", "successor__application", "decided_by"
    )
    waits = Case(When(state=SubstitutionState.CONFIRMED, then=0), default=1)
    return rows.order_by(waits, "-proposed_at", "-id")


def latest_notice(place: Place) -> CancellationNotice | None:
    """Return what a place's participant reads about leaving: the newest notice that a person wrote and that stands."""
    hidden = [NoticeState.AUTOMATIC, NoticeState.FOLLOWS, NoticeState.NOT_ONE, NoticeState.ABANDONED]
    rows = (
        CancellationNotice.objects.filter(place=place)
        .exclude(state__in=hidden)
        .select_related("credit_note", "second_credit_note")
    )
    return rows.order_by("-id").first()
