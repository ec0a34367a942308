"""Confirm or move the dates of an edition: first whom it touches and what moves, then the act."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.programme.models import DateChange, Edition
from chancery.domain.programme.policies.settling import Dates, may_settle
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.calendar import local_day
from chancery.foundation.ruling import Refused, Ruling
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.dates import DatesForm
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.journey.reschedule import DatesPlan, plan_dates, settle_dates


@office_page(Permission.SEE_EDITION)
def show_dates(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show the dates that hold and, for days that were typed, whom they touch and what moves."""
    edition = edition_of(request, edition_slug)
    if "starts_on" not in request.GET:
        return _page(request, edition, DatesForm(initial=_initial(edition)))
    form = DatesForm(request.GET)
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    ruling = _ruling(edition, form.dates())
    if not ruling:
        return _page(request, edition, form, status=409, refused=reasons_in_words(Refused(ruling)))
    return _page(request, edition, form, plan=plan_dates(edition, form.dates(), now=clock.now()))


@office_page(Permission.CHANGE_EDITION)
@require_POST
@sent_once
def settle(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Write the dates and tell everybody whom they touch."""
    edition = edition_of(request, edition_slug)
    form = DatesForm(request.POST)
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    try:
        settle_dates(edition_id=edition.pk, wanted=form.dates(), actor=request.actor, now=clock.now())
    except Refused as refused:
        return _page(request, edition, form, status=409, refused=reasons_in_words(refused))
    messages.success(request, _("The dates are settled, and everybody whom they touch is told by mail."))
    return redirect("settle-dates", edition_slug)


def _page(
    request: OfficeRequest,
    edition: Edition,
    form: DatesForm,
    *,
    status: int = 200,
    plan: DatesPlan | None = None,
    refused: list[str] | None = None,
) -> HttpResponse:
    words = {
        "dates_form": form,
        "form": form if form.errors else None,
        "may_change": permits(request.roles, Permission.CHANGE_EDITION),
        "changes": DateChange.objects.filter(edition=edition).order_by("-id"),
        "wanted": form.cleaned_data if form.is_bound and not form.errors else None,
        "plan": plan,
        "refused": refused,
    }
    return render(request, "office/settings/dates.html", words, status=status)


def _initial(edition: Edition) -> dict[str, Any]:
    return {
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "provisional": edition.provisional,
    }


def _ruling(edition: Edition, wanted: Dates) -> Ruling:
    zone = ZoneInfo(edition.time_zone)
    current = Dates(edition.starts_on, edition.ends_on, edition.provisional)
    return may_settle(
        current,
        wanted,
        today=local_day(clock.now(), zone),
        applications_close_on=local_day(edition.closes_at, zone),
    )
