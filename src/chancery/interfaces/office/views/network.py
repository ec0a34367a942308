"""The network: authorities, who is a member, what was contributed, and a sheet to take in."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.network.models import IncomeClass, LocalAuthority
from chancery.domain.network.queries import list_authorities, list_undecided
from chancery.domain.network.readers.membership_sheet import SheetRefused
from chancery.domain.network.services.memberships import (
    MembershipReport,
    SheetNotTaken,
    import_memberships,
    preview_memberships,
)
from chancery.domain.network.services.standing import StandingNotDecidable, decide_standing
from chancery.domain.programme.queries import get_content, get_open_edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.network import LARGEST_SHEET, NetworkFilter, SheetForm, StandingForm
from chancery.interfaces.office.money_shown import refusal_words
from chancery.interfaces.office.network_shown import row_words, sheet_words
from chancery.interfaces.office.paging import page_links
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.records import network_sheet

AUTHORITIES_A_PAGE = 50


@office_page(Permission.SEE_NETWORK)
@require_GET
@keeps_views("show-network")
def show_network(request: OfficeRequest) -> HttpResponseBase:
    """Show authorities with membership, dues by year and income class by year."""
    form = NetworkFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {"q": "", "members": False}
    rows = list_authorities(words=asked["q"], members_only=asked["members"])
    years = _fiscal_years()
    if is_sheet_asked(request):
        countries = rows.order_by().values_list("city__country", flat=True)
        return give_sheet(request, "network", network_sheet(rows, years, _classes(list(set(countries)), years)))
    page = Paginator(rows, AUTHORITIES_A_PAGE).get_page(request.GET.get("page"))
    classes = _classes([row.city.country_id for row in page], years)
    words = {
        "form": form,
        "rows": [
            {"authority": row, "classes": [(year, classes.get((row.city.country_id, year), "")) for year in years]}
            for row in page
        ],
        "years": years,
        "undecided": list(list_undecided()[:50]),
        "count": page.paginator.count,
        "page": page_links(request, page.number, page.paginator.num_pages),
        "may_change": permits(request.roles, Permission.CHANGE_NETWORK),
        "clear_href": f"{request.path}?all" if request.GET else "",
    }
    return render(request, "office/network/network.html", words)


@office_page(Permission.CHANGE_NETWORK)
@require_GET
def show_import(request: OfficeRequest) -> HttpResponse:
    """Ask for a sheet of members."""
    return _sheet(request, SheetForm())


@office_page(Permission.CHANGE_NETWORK)
@require_POST
@sent_once
def import_sheet(request: OfficeRequest) -> HttpResponse:
    """Look at a sheet row by row, or take it in whole."""
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _sheet(request, form, status=422)
    content, add_cities = form.content(), form.cleaned_data["add_cities"]
    if not content.strip() or len(content) > LARGEST_SHEET:
        form.add_error("sheet", _("Choose a sheet of 2 MB at most."))
        return _sheet(request, form, status=422)
    try:
        if request.POST.get("act") != "import":
            report = preview_memberships(content=content, network=_network(), add_cities=add_cities)
            return _sheet(request, form, report=report, kept=content)
        report = import_memberships(
            content=content, network=_network(), add_cities=add_cities, actor=request.actor, now=clock.now()
        )
    except SheetRefused as refused:
        form.add_error("sheet", sheet_words(refused))
        return _sheet(request, form, status=422)
    except SheetNotTaken as refused:
        return _sheet(request, form, report=refused.report, kept=content, status=409)
    messages.success(request, _("Taken in: %(n)s rows.") % {"n": len(report.rows)})
    return redirect("show-network")


@office_page(Permission.SEE_NETWORK)
@require_GET
def show_authority(request: OfficeRequest, authority_id: int) -> HttpResponse:
    """Show one authority: its city, membership, dues, and whether its staff count."""
    return _authority(request, authority_id, StandingForm())


@office_page(Permission.CHANGE_NETWORK)
@require_POST
@sent_once
def decide(request: OfficeRequest, authority_id: int) -> HttpResponse:
    """Decide whether the authority's staff count as staff of a member city."""
    form = StandingForm(request.POST)
    if not form.is_valid():
        return _authority(request, authority_id, form, status=422)
    get_object_or_404(LocalAuthority, pk=authority_id)
    try:
        decide_standing(
            authority_id=authority_id,
            counts_as_member=form.cleaned_data["member"] == "yes",
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=clock.now(),
        )
    except StandingNotDecidable as refused:
        return _authority(request, authority_id, form, status=409, refused=refusal_words(refused))
    messages.success(request, _("Decided, and kept with its reason."))
    return redirect("show-authority", authority_id)


def _sheet(
    request: OfficeRequest,
    form: SheetForm,
    *,
    report: MembershipReport | None = None,
    kept: bytes = b"",
    status: int = 200,
) -> HttpResponse:
    words: dict[str, Any] = {
        "form": form,
        "report": report,
        "rows": [(each, row_words(each)) for each in report.rows] if report else [],
        "kept": kept.decode("utf-8-sig", "replace") if kept else "",
        "not_taken": status == 409,
    }
    return render(request, "office/network/sheet.html", words, status=status)


def _authority(
    request: OfficeRequest,
    authority_id: int,
    form: StandingForm,
    *,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    authority = get_object_or_404(list_authorities(), pk=authority_id)
    words = {
        "authority": authority,
        "classes": IncomeClass.objects.filter(country=authority.city.country).order_by("fiscal_year"),
        "form": form,
        "refused": refused,
        "may_change": permits(request.roles, Permission.CHANGE_NETWORK),
    }
    return render(request, "office/network/authority.html", words, status=status)


def _network() -> str:
    edition = get_open_edition()
    return (get_content(edition).membership.network if edition else "") or "Metropolis"


def _fiscal_years() -> list[str]:
    return sorted(set(IncomeClass.objects.values_list("fiscal_year", flat=True)))[-4:]


def _classes(country_ids: Sequence[int], years: Sequence[str]) -> dict[tuple[int, str], str]:
    rows = IncomeClass.objects.filter(country__in=country_ids, fiscal_year__in=years)
    return {(row.country_id, row.fiscal_year): row.code or "-" for row in rows}
