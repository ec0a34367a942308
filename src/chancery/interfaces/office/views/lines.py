"""The lines that wait, one line beside its candidates, and its booking to bills."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chancery.domain.billing.models import BankEntry
from chancery.domain.billing.queries import bank
from chancery.domain.enrollment.queries import bills_of_held_places
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.money import Money
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.billing import LineFilter
from chancery.interfaces.office.forms.reconcile import BookingForm
from chancery.interfaces.office.line_page import get_entry, go_on, line_page, split_page, taken_back_words
from chancery.interfaces.office.money_shown import reason_words, refusal_words
from chancery.interfaces.office.paging import page_links
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.money import lines_sheet
from chancery.interfaces.office.splitting_shown import amount_words
from chancery.journey import reconcile

LINES_A_PAGE = 50
ABOUT_THE_AMOUNT = {"more_than_left", "more_than_open", "more_than_paid", "wrong_direction"}


@office_page(Permission.SEE_MONEY)
@require_GET
@keeps_views("list-lines")
def list_lines(request: OfficeRequest) -> HttpResponseBase:
    """Show bank lines, those that wait for a person first of all."""
    is_filtered = bool(LineFilter.base_fields.keys() & request.GET.keys())
    form = LineFilter(request.GET if is_filtered else {"state": bank.WAITING})
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "state": bank.WAITING}
    rows = bank.list_lines(state=wanted["state"], words=wanted["q"])
    if is_sheet_asked(request):
        return give_sheet(request, "bank-lines", lines_sheet(rows))
    page = Paginator(rows, LINES_A_PAGE).get_page(request.GET.get("page"))
    best = bank.best_suggestions(page.object_list)
    words = {
        "form": form,
        "lines": [
            (line, line.balance.left_minor, reason_words(line.balance.reasons), best.get(line.pk)) for line in page
        ],
        "count": page.paginator.count,
        "page": page_links(request, page.number, page.paginator.num_pages),
        "clear_href": f"{request.path}?all" if request.GET else "",
    }
    return render(request, "office/billing/lines.html", words)


@office_page(Permission.SEE_MONEY)
@require_GET
def show_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Show what the bank says beside the bills that it may belong to."""
    return line_page(request, get_entry(entry_id))


@office_page(Permission.MOVE_MONEY)
@require_http_methods(["GET", "POST"])
def split_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Ask how a line is spread over bills, and what happens with the difference.

    A POST books nothing: it is the sheet with a bill more or less, or other words to look one up.
    """
    return split_page(request, get_entry(entry_id))


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def book_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Book money of a line to one bill or several, then go on to the next one that waits."""
    entry, form = get_entry(entry_id), BookingForm(request.POST)
    is_split = request.POST.get("page") == "split"
    again = split_page if is_split else line_page
    first = next(iter(form.typed.getlist("invoice")), "")
    parts = form.parts(entry.currency, credit=entry.amount_minor > 0)
    if parts is None:
        unread = form.unread(entry.currency) or first
        return again(request, entry, status=422, refused=[amount_words(entry)], target=f"amount-{unread}")
    if not form.is_valid():
        target = "reason" if is_split else f"reason-{first}"
        return again(request, entry, status=422, refused=[_("Say why it belongs there.")], target=target)
    if form.typed.get("asked") and not form.cleaned_data["rest"]:
        words = _("Say what happens with the difference.")
        return again(request, entry, status=422, refused=[words], target="rest-waits")
    try:
        moves = reconcile.book_line(
            entry_id=entry.pk,
            parts=parts,
            reason=form.reason_kept,
            rest=form.rest_wanted,
            rest_reason=form.cleaned_data["rest_reason"],
            seen=form.seen(),
            actor=request.actor,
            now=clock.now(),
        )
    except reconcile.HeldForACheck as refused:
        return line_page(request, get_entry(entry_id), status=409, refused=refusal_words(refused), held=True)
    except reconcile.ChangedMeanwhile as refused:
        words = _changed(get_entry(entry_id))
        return line_page(request, get_entry(entry_id), status=409, refused=[*refusal_words(refused), words])
    except Refused as refused:
        target = _field_of(refused, first) if is_split or request.GET.get("q") else ""
        return again(request, get_entry(entry_id), status=409, refused=refusal_words(refused), target=target)
    for moved in moves:
        messages.success(request, _what_happened(moved))
    return go_on(entry)


def _what_happened(moved: reconcile.Moved) -> str:
    if moved.allocation.amount_minor < 0:
        return taken_back_words(moved)
    words = _("Booked to %(number)s: paid in full, the place is guaranteed.")
    if not moved.settles:
        words = _("Booked to %(number)s. It is not paid in full, so the place is not guaranteed.")
    elif not bills_of_held_places([moved.invoice.pk]):
        words = _("Booked to %(number)s: paid in full, but nobody holds its place any more.")
    return words % {"number": moved.invoice.number}


def _changed(entry: BankEntry) -> str:
    left = Money(entry.balance.left_minor, entry.currency).decimal
    return _("%(sum)s of the line are left now; nothing of yours was booked.") % {"sum": f"{entry.currency} {left}"}


def _field_of(refused: Refused, bill: str) -> str:
    """Return the id of the field that a refused booking is about; blank where it is about none."""
    reasons = set(refused.ruling.reasons)
    if "reason_missing" in reasons:
        return "rest_reason"
    return f"amount-{bill}" if reasons & ABOUT_THE_AMOUNT else ""
