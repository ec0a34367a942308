"""What is due in the office, gathered from the promises with a clock that are open."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import Refund
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.calendar import day_end, is_by, local_day
from chancery.foundation.obligations.kinds import OWED_TO_APPLICANTS, ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.foundation.obligations.queries import list_open
from chancery.foundation.privacy.models import DataRequest
from chancery.foundation.ui.parts import DueItem
from chancery.interfaces.office.applications_shown import days_left_text, due_text, who

type Subject = Application | Refund | CancellationNotice | DataRequest
A_WEEK = timedelta(days=7)
MOST = 60
MOST_OPEN = 500
ABOUT_LEAVING = (ObligationKind.CANCELLATION, ObligationKind.OFFER)
ABOUT_DATA = (ObligationKind.DATA_REQUEST,)
ABOUT_MONEY = tuple(kind for kind in ObligationKind if kind not in {*OWED_TO_APPLICANTS, *ABOUT_LEAVING, *ABOUT_DATA})
OPENED_BY = {
    Permission.SEE_APPLICATIONS: (*OWED_TO_APPLICANTS, *ABOUT_LEAVING),
    Permission.SEE_MONEY: ABOUT_MONEY,
    Permission.SEE_PEOPLE: ABOUT_DATA,
}

ACTS: dict[str, Promise] = {
    ObligationKind.FIRST_ANSWER: gettext_lazy("first answer"),
    ObligationKind.ANSWER: gettext_lazy("our answer"),
    ObligationKind.CALL: gettext_lazy("call: no answer came"),
    ObligationKind.FEE_DECISION: gettext_lazy("decide the fee"),
    ObligationKind.INVOICE: gettext_lazy("find out what the bill lacks"),
    ObligationKind.PAYMENT_LOST: gettext_lazy("money of a sure place is gone: talk with the payer"),
    ObligationKind.REFUND: gettext_lazy("give money back"),
    ObligationKind.CANCELLATION: gettext_lazy("confirm a cancellation"),
    ObligationKind.OFFER: gettext_lazy("offer of a seat ends"),
    ObligationKind.DATA_REQUEST: gettext_lazy("give a person the copy of their data"),
}


@dataclass(slots=True)
class DueLists:
    """What is due, by how soon."""

    late: list[DueItem] = field(default_factory=list)
    today: list[DueItem] = field(default_factory=list)
    this_week: list[DueItem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due in the week to come."""
        return not (self.late or self.today or self.this_week)


def due_lists(edition: Edition, roles: frozenset[Role], *, now: datetime) -> DueLists:
    """Return what the roles may see of what is due within a week, the earliest first; four queries."""
    rows = list(list_open(kinds_of(roles)).filter(due_at__lt=now + A_WEEK)[:MOST])
    subjects = _subjects(rows)
    lists, tonight = DueLists(), day_end(local_day(now, ZoneInfo(edition.time_zone)), ZoneInfo(edition.time_zone))
    for row in rows:
        subject = subjects.get((row.subject_kind, row.subject_id))
        if subject is not None:
            _list_for(lists, row, now, tonight).append(_item(row, subject, edition, roles, now=now))
    return lists


def clock_items(edition: Edition, roles: frozenset[Role], kind: str, *, now: datetime) -> list[DueItem]:
    """Return the open promises that the roles may see, all or of one kind, with the days left; the earliest first."""
    rows = list(list_open([each for each in kinds_of(roles) if kind in {"", each}])[:MOST_OPEN])
    subjects = _subjects(rows)
    items = []
    for row in rows:
        subject = subjects.get((row.subject_kind, row.subject_id))
        if subject is not None:
            item = _item(row, subject, edition, roles, now=now)
            items.append(replace(item, when=f"{item.when} · {days_left_text(row.due_at, edition, now=now)}"))
    return items


def kinds_of(roles: frozenset[Role]) -> list[ObligationKind]:
    """Return the kinds of promises that the roles may see."""
    return [kind for permission, kinds in OPENED_BY.items() if permits(roles, permission) for kind in kinds]


def _list_for(lists: DueLists, row: Obligation, now: datetime, tonight: datetime) -> list[DueItem]:
    if not is_by(now, row.due_at):
        return lists.late
    return lists.today if row.due_at <= tonight else lists.this_week


def _item(row: Obligation, subject: Subject, edition: Edition, roles: frozenset[Role], *, now: datetime) -> DueItem:
    if isinstance(subject, DataRequest):
        label, href = subject.user.email, reverse("see-kept")
    elif isinstance(subject, Refund):
        label, href = subject.name, reverse("list-refunds")
    elif isinstance(subject, CancellationNotice):
        application = subject.place.application
        label, href = who(application), reverse("show-notice", args=[application.edition.slug, subject.pk])
    else:
        label, href = who(subject), _page_of(row, subject, roles)
    in_time = is_by(now, row.due_at)
    return DueItem(
        label=label,
        href=href,
        detail=str(ACTS.get(row.kind, row.kind)),
        when=due_text(row.due_at, edition),
        tone="" if in_time else "late",
        state="" if in_time else _("Late"),
    )


def _page_of(row: Obligation, application: Application, roles: frozenset[Role]) -> str:
    """Return the page on which a promise about an application is kept, of those that the roles may open."""
    slug = application.edition.slug
    if permits(roles, Permission.SEE_APPLICATIONS):
        return reverse("review-application", args=[slug, application.reference]) + _pane(row)
    if row.kind == ObligationKind.FEE_DECISION:
        return reverse("show-second-person")
    return reverse("list-bills", args=[slug])


def _pane(row: Obligation) -> str:
    if row.kind == ObligationKind.OFFER:
        return "?pane=history"
    if row.kind == ObligationKind.FIRST_ANSWER:
        return "?pane=assess"
    return "?pane=dialogue" if row.kind in OWED_TO_APPLICANTS else "?pane=decide"


def _subjects(rows: Iterable[Obligation]) -> dict[tuple[str, str], Subject]:
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.subject_kind, []).append(row.subject_id)
    found: dict[tuple[str, str], Subject] = {}
    files = Application.objects.select_related("person", "authority__city", "edition")
    for application in files.filter(pk__in=ids.get("admissions.application", [])):
        found["admissions.application", str(application.pk)] = application
    places = Place.objects.filter(pk__in=ids.get("enrollment.place", []))
    for place in places.select_related("application__person", "application__authority__city", "application__edition"):
        found["enrollment.place", str(place.pk)] = place.application
    for refund in Refund.objects.filter(pk__in=ids.get("billing.refund", [])):
        found["billing.refund", str(refund.pk)] = refund
    notices = CancellationNotice.objects.filter(pk__in=ids.get("enrollment.cancellationnotice", []))
    of_notice = ("person", "authority__city", "edition")
    for notice in notices.select_related(*(f"place__application__{name}" for name in of_notice)):
        found["enrollment.cancellationnotice", str(notice.pk)] = notice
    for asked in DataRequest.objects.filter(pk__in=ids.get("privacy.datarequest", [])).select_related("user"):
        found["privacy.datarequest", str(asked.pk)] = asked
    return found
