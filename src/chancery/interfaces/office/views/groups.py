"""Groups: their members, and the bills that a smaller group would price anew."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.admissions.models import Application, GroupRegistration
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.admissions.wording import STATES
from chancery.domain.billing.models import Invoice
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.figures import whole_number
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.applications_shown import who
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.admissions import groups_sheet
from chancery.journey import rerate


@office_page(Permission.SEE_APPLICATIONS)
@require_GET
def show_groups(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Show the groups with their members, how many of them are admitted, and bills of groups that became smaller."""
    edition = edition_of(request, edition_slug)
    if is_sheet_asked(request):
        return give_sheet(request, "groups", groups_sheet(_groups(edition)), edition=edition)
    return _page(request, edition)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def rerate_bill(request: OfficeRequest, edition_slug: str, number: str) -> HttpResponse:
    """Bill those who stayed by the price of the group as it is now."""
    edition = edition_of(request, edition_slug)
    bill = get_object_or_404(Invoice, number=number, edition=edition)
    seen = whole_number(request.POST.get("seen", ""))
    seen_minor = -1 if seen is None else seen
    try:
        new = rerate.rerate_bill(number=bill.number, seen_minor=seen_minor, actor=request.actor, now=clock.now())
    except (rerate.NotToBeRerated, rerate.CreditNotPossible, rerate.InvoiceDataMissing) as no:
        return _page(request, edition, status=409, refused=reasons_in_words(no))
    messages.success(request, _("Credited and billed anew as %(number)s.") % {"number": new.number})
    return redirect("list-groups", edition.slug)


def _page(
    request: OfficeRequest, edition: Edition, *, status: int = 200, refused: list[str] | None = None
) -> HttpResponse:
    shown = [{"group": group, "members": [_member(a) for a in group.applications.all()]} for group in _groups(edition)]
    words = {
        "groups": shown,
        "rerates": rerate.list_rerates(edition) if permits(request.roles, Permission.SEE_FEES) else [],
        "may_rerate": permits(request.roles, Permission.MOVE_MONEY),
        "refused": refused,
    }
    return render(request, "office/admissions/groups.html", words, status=status)


def _groups(edition: Edition) -> QuerySet[GroupRegistration]:
    admitted = Count("applications", filter=Q(applications__state=ApplicationState.ADMITTED))
    return (
        GroupRegistration.objects.filter(edition=edition)
        .annotate(admitted=admitted)
        .select_related("coordinator")
        .prefetch_related("applications__person", "applications__authority__city__country")
        .order_by("name", "id")
    )


def _member(application: Application) -> dict[str, Any]:
    return {"application": application, "who": who(application), "state": STATES[ApplicationState(application.state)]}
