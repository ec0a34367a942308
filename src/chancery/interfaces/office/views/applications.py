"""The desk list: applications in the order of lateness, filtered, counted, exported."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.admissions.queries.desk import DeskFilter, DeskPage, Group, desk_page, export_rows
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.admissions.wording import STATES
from chancery.domain.network.models import Country
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.sheets import Row
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.applications_shown import by_application, shown
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.admissions import GROUPS, MINE, DeskForm
from chancery.interfaces.office.paging import page_links
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import Sheet, give_sheet

REGIONS_KEPT = 600
TONES = {
    Group.LATE: "late",
    Group.TO_DO: "yours",
    Group.READY: "yours",
    Group.THEIR_TURN: "ours",
    Group.CLOSED: "idle",
}
# A cell that begins so would be taken for a formula by a spreadsheet.


@office_page(Permission.SEE_APPLICATIONS)
@keeps_views("list-applications")
def list_applications(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show a page of the desk list."""
    edition = edition_of(request, edition_slug)
    form = desk_form(request)
    wanted, now = desk_filter(request, edition, form), clock.now()
    page = desk_page(edition, wanted, number=_number(request), now=now)
    words = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "sections": _sections(edition, page, _query(request), now),
        "pages": page_links(request, page.number, page.last),
        "clear_href": f"{request.path}?all" if wanted.is_set else "",
        "export_href": f"{reverse('export-applications', args=[edition.slug])}?{_query(request)}",
    }
    return render(request, "office/admissions/list.html", words)


@office_page(Permission.SEE_APPLICATIONS)
def export_applications(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Give the filtered list out for a spreadsheet: CSV row by row, or XLSX where it is asked for."""
    edition = edition_of(request, edition_slug)
    wanted = desk_filter(request, edition, desk_form(request))
    head = (_("reference"), _("name"), _("authority"), _("city"), _("country"), _("group"), _("state"), _("sent at"))
    rows = (_cells(row) for row in export_rows(edition, wanted))
    return give_sheet(request, "applications", Sheet(head, rows), edition=edition)


def desk_form(request: OfficeRequest) -> DeskForm:
    """Return the filter form with what was asked for."""
    sees_fees = permits(request.roles, Permission.SEE_FEES)
    return DeskForm(request.GET or None, regions=_regions(), sees_fees=sees_fees)


def desk_filter(request: OfficeRequest, edition: Edition, form: DeskForm) -> DeskFilter:
    """Return the filter that was asked for; what cannot be read filters nothing."""
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    income = asked.get("income", "")
    return DeskFilter(
        text=asked.get("q", ""),
        stage=asked.get("stage", ""),
        region=asked.get("region", ""),
        group=asked.get("group", ""),
        income=income,
        mine=request.user.pk if asked.get("desk") == MINE else None,
    )


def _sections(edition: Edition, page: DeskPage, query: str, now: datetime) -> list[dict[str, Any]]:
    ids = [row.pk for rows in page.rows.values() for row in rows if row.state == ApplicationState.IN_ASSESSMENT]
    found = by_application(Assessment.objects.filter(application__in=ids)) if ids else {}
    return [
        {
            "title": GROUPS[group],
            "tone": TONES[group],
            "count": page.counts[group],
            "items": [shown(row, edition, found.get(row.pk, []), now=now, query=query) for row in rows],
        }
        for group, rows in page.rows.items()
        if rows
    ]


def _number(request: OfficeRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _query(request: OfficeRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("pane", None)
    return query.urlencode()


def _regions() -> list[str]:
    known: list[str] = cache.get("office-regions") or []
    if not known:
        rows = Country.objects.exclude(region="").order_by("region").values_list("region", flat=True)
        known = list(rows.distinct())
        cache.set("office-regions", known, REGIONS_KEPT)
    return known


def _cells(row: Application) -> Row:
    authority = row.authority
    return (
        row.reference,
        row.person.name,
        authority.name if authority else "",
        authority.city.name if authority else "",
        authority.city.country.name if authority else "",
        row.group.code if row.group else "",
        str(STATES[ApplicationState(row.state)]),
        row.submitted_at,
    )
