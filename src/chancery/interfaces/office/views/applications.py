"""The desk list: applications in the order of lateness, filtered, counted, exported."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.admissions.queries.desk import DeskPage, desk_page, export_rows
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.admissions.wording import STATES
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.sheets import Row
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.applications_shown import TONES, by_application, shown
from chancery.interfaces.office.desk_filters import desk_filter, desk_form
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.admissions import GROUPS
from chancery.interfaces.office.paging import page_links
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import Sheet, give_sheet


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
