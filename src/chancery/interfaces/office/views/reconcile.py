"""Where money belongs: the lines that wait, one line beside its candidates, and every act on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.billing.models import BankEntry
from chancery.domain.billing.queries import bank
from chancery.domain.billing.queries.batches import list_batch_parts
from chancery.domain.billing.queries.corrections import difference_of, find_correction, list_corrections
from chancery.domain.billing.queries.holds import holds_of_payment
from chancery.domain.billing.queries.refunds import is_sure_leaving, list_owed
from chancery.domain.billing.queries.returned_lines import find_return
from chancery.domain.billing.queries.suggestions import (
    list_bills_taken_back,
    list_suggestions,
    look_bills_up,
    may_be_written_off,
    suggested_bills,
)
from chancery.domain.billing.states import Contest
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.queries import bills_of_held_places, list_ended_bills
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.figures import whole_numbers
from chancery.foundation.money import Money
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.billing import LineFilter
from chancery.interfaces.office.forms.reconcile import BookingForm, NoteForm, ReasonForm
from chancery.interfaces.office.holds_shown import hold_words
from chancery.interfaces.office.money_shown import CONTESTS, reason_words, refusal_words
from chancery.interfaces.office.paging import page_links
from chancery.interfaces.office.returns_shown import counterparts_shown, leavings_shown, returns_shown
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.money import lines_sheet
from chancery.interfaces.office.splitting_shown import split_sheet
from chancery.interfaces.office.suggestions_shown import CandidateShown, candidates_shown, found_bills_shown
from chancery.journey import reconcile, recount

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
    return _line(request, _entry(entry_id))


@office_page(Permission.MOVE_MONEY)
@require_GET
def split_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Ask how a line is spread over bills, and what happens with the difference."""
    return _split(request, _entry(entry_id))


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def book_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Book money of a line to one bill or several, then go on to the next one that waits."""
    entry, form = _entry(entry_id), BookingForm(request.POST)
    is_split = request.POST.get("page") == "split"
    again = _split if is_split else _line
    first = next(iter(form.typed.getlist("invoice")), "")
    parts = form.parts(entry.currency, credit=entry.amount_minor > 0)
    if parts is None:
        words = _("Write the amount as %(example)s.") % {"example": _example(entry)}
        unread = form.unread(entry.currency) or first
        return again(request, entry, status=422, refused=[words], target=f"amount-{unread}")
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
            reason=form.cleaned_data["reason"],
            rest=form.rest_wanted,
            rest_reason=form.cleaned_data["rest_reason"],
            seen=form.seen(),
            actor=request.actor,
            now=clock.now(),
        )
    except reconcile.HeldForACheck as refused:
        return _line(request, _entry(entry_id), status=409, refused=refusal_words(refused), held=True)
    except reconcile.ChangedMeanwhile as refused:
        words = _changed(_entry(entry_id))
        return _line(request, _entry(entry_id), status=409, refused=[*refusal_words(refused), words])
    except Refused as refused:
        target = _field_of(refused, first) if is_split or request.GET.get("q") else ""
        return again(request, _entry(entry_id), status=409, refused=refusal_words(refused), target=target)
    for moved in moves:
        messages.success(request, _what_happened(moved))
    return _next(entry)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def park_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Leave a line in suspense with a note."""
    entry, form = _entry(entry_id), NoteForm(request.POST)
    if not form.is_valid():
        return _line(request, entry, status=422, refused=[_("Write what you are waiting for.")], target="note")
    reconcile.park_line(entry_id=entry.pk, note=form.cleaned_data["note"], actor=request.actor, now=clock.now())
    messages.success(request, _("The note is kept; the line stays in suspense."))
    return _next(entry)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def count_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Count a line that may be on file already as money of its own, and show the line that counts."""

    def act(reason: str, now: datetime) -> HttpResponse:
        counted = reconcile.count_line(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        messages.success(request, _("It counts as money of its own."))
        return redirect("show-line", counted.pk)

    return _with_reason(request, _entry(entry_id), act, field="shows")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def leave_line_out(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Leave a line out that is on file already."""

    def act(reason: str, now: datetime) -> str:
        reconcile.leave_line_out(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("Left out: it is the line on file.")

    return _do_act(request, _entry(entry_id), act, field="shows", onward=True)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def correct_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Take a line for the corrected sum of the one on file, and show the difference."""

    def act(reason: str, now: datetime) -> HttpResponse:
        correction = reconcile.correct_line(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        messages.success(request, _("The difference is a line of its own now."))
        return redirect("show-line", correction.line_id)

    return _with_reason(request, _entry(entry_id), act, field="shows")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_correction(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Take a correction back: what the bank told waits for a person again."""

    def act(reason: str, now: datetime) -> str:
        reconcile.undo_correction(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("The correction is taken back.")

    entry = _entry(entry_id)
    if find_correction(entry) is None:
        raise Http404
    return _do_act(request, entry, act, field="uncorrect")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def give_back(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Set what is left of a line aside to be given back."""

    def act(reason: str, now: datetime) -> str:
        reconcile.keep_to_return(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("Set aside to be given back.")

    return _do_act(request, _entry(entry_id), act, field="back", onward=True)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def book_cost(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Book money that left as a cost of ours."""

    def act(reason: str, now: datetime) -> str:
        reconcile.book_cost(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("Booked as a cost.")

    return _do_act(request, _entry(entry_id), act, field="cost", onward=True)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def join_return(request: OfficeRequest, entry_id: int, credit_id: int) -> HttpResponse:
    """Say that a debit took a credit of nobody back: both lines are used up."""
    entry, credit = _entry(entry_id), _entry(credit_id)
    try:
        reconcile.join_return(debit_id=entry.pk, credit_id=credit.pk, actor=request.actor, now=clock.now())
    except Refused as refused:
        return _line(request, _entry(entry_id), status=409, refused=refusal_words(refused))
    messages.success(request, _("Both lines are used up: what came in has left again."))
    return _next(entry)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def part_return(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Say that a line did not take the other one back that it was joined with: both wait again."""
    entry = _entry(entry_id)
    joined = find_return(entry)
    if joined is None:
        raise Http404

    def act(reason: str, now: datetime) -> str:
        reconcile.part_return(return_id=joined.pk, reason=reason, actor=request.actor, now=now)
        return _("Both lines wait again.")

    return _do_act(request, entry, act, field="wrong")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def count_as_paid(request: OfficeRequest, entry_id: int, notice_id: int) -> HttpResponse:
    """Count a credit as paid by a notice that took effect before the statement was read."""
    entry, found = _entry(entry_id), get_object_or_404(CancellationNotice, pk=notice_id)
    try:
        row = recount.count_as_paid(entry_id=entry.pk, notice_id=found.pk, actor=request.actor, now=clock.now())
    except reconcile.HeldForACheck as refused:
        return _line(request, _entry(entry_id), status=409, refused=refusal_words(refused), held=True)
    except Refused as refused:
        return _line(request, _entry(entry_id), status=409, refused=refusal_words(refused))
    said = _("Counted as paid by then: %(number)s says what stays, and the refund waits for the second person.")
    messages.success(request, said % {"number": row.bill.number} if row.back_minor else _("Counted as paid by then."))
    return _next(entry)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_allocation(request: OfficeRequest, entry_id: int, allocation_id: int) -> HttpResponse:
    """Take a booking back by a new row; the line waits again."""

    def act(reason: str, now: datetime) -> str:
        moved = reconcile.take_back(allocation_id=allocation_id, reason=reason, actor=request.actor, now=now)
        return _("Taken back from %(number)s.") % {"number": moved.invoice.number}

    return _do_act(
        request, _entry_of(entry_id, bank.list_allocations, allocation_id), act, field=f"undo-{allocation_id}"
    )


@office_page(Permission.RELEASE_HOLD)
@require_POST
@sent_once
def release_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Release a line that a country held."""

    def act(reason: str, now: datetime) -> str:
        reconcile.release_line(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("Released. It can be booked now.")

    return _do_act(request, _entry(entry_id), act, field=f"release-{entry_id}", held=True)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def write_off(request: OfficeRequest, entry_id: int, allocation_id: int) -> HttpResponse:
    """Write off what a bill lacks after a payment of this line."""

    def act(reason: str, now: datetime) -> str:
        moved = reconcile.write_off(allocation_id=allocation_id, reason=reason, actor=request.actor, now=now)
        return _("The rest of %(number)s is written off.") % {"number": moved.invoice.number}

    return _do_act(
        request, _entry_of(entry_id, bank.list_allocations, allocation_id), act, field=f"off-{allocation_id}"
    )


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_cost(request: OfficeRequest, entry_id: int, cost_id: int) -> HttpResponse:
    """Take a cost back by a new row; the line waits again."""

    def act(reason: str, now: datetime) -> str:
        reconcile.take_cost_back(cost_id=cost_id, reason=reason, actor=request.actor, now=now)
        return _("The cost is taken back.")

    return _do_act(request, _entry_of(entry_id, bank.list_costs, cost_id), act, field=f"uncost-{cost_id}")


def _do_act(
    request: OfficeRequest,
    entry: BankEntry,
    act: Callable[[str, datetime], str],
    *,
    field: str,
    onward: bool = False,
    held: bool = False,
) -> HttpResponse:
    """Do an act that needs a reason and nothing else, and say what it did; what stands in the way is said at the line.

    ``field`` is the id of the reason on the page; ``onward`` goes on to the next line that waits; ``held`` opens the
    release again where no reason was given.
    """

    def act_and_say(reason: str, now: datetime) -> HttpResponse:
        messages.success(request, act(reason, now))
        return _next(entry) if onward else redirect("show-line", entry.pk)

    return _with_reason(request, entry, act_and_say, field=field, held=held)


def _with_reason(
    request: OfficeRequest,
    entry: BankEntry,
    act: Callable[[str, datetime], HttpResponse],
    *,
    field: str,
    held: bool = False,
) -> HttpResponse:
    """Answer with an act that needs a reason, or with the line, as it stands by now, and what stands in the way."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _line(request, entry, status=422, refused=[_("Say why, in a few words.")], target=field, held=held)
    try:
        return act(form.cleaned_data["reason"], clock.now())
    except Refused as refused:
        return _line(request, _entry(entry.pk), status=409, refused=refusal_words(refused))


def _line(
    request: OfficeRequest,
    entry: BankEntry,
    *,
    status: int = 200,
    refused: list[str] | None = None,
    target: str = "",
    held: bool = False,
) -> HttpResponse:
    """Show a line; ``refused`` is why an act was refused, ``target`` the id of the field that needs another look."""
    words, contest = request.GET.get("q", "").strip(), bank.find_contest(entry)
    waiting = bank.list_waiting_beside(entry)
    left_refund = getattr(entry, "refund_seen", None)
    to_decide = waiting.count()
    more = {
        **_facts(request, entry),
        "candidates": _candidates(request, entry, words),
        "counts": recount.list_counts(entry),
        "returns": returns_shown(entry),
        "leavings": leavings_shown(entry),
        "counterparts": counterparts_shown(entry),
        "parts": list_batch_parts(entry, ended=list_ended_bills()) if entry.items.exists() else [],
        "held": held,
        "holds": hold_words(holds_of_payment(entry, suggested_bills(entry.pk))),
        "release": getattr(entry, "release", None),
        "may_release": permits(request.roles, Permission.RELEASE_HOLD),
        "contest": contest,
        "difference": difference_of(contest) if contest else 0,
        "correction": find_correction(entry),
        "corrections": list(list_corrections(entry)),
        "contest_words": CONTESTS[Contest(contest.why)] if contest else "",
        "joined": find_return(entry),
        "came_back": bool(getattr(entry, "refund_returned", None)),
        "left_refund": left_refund,
        "is_sure_leaving": left_refund is not None and is_sure_leaving(left_refund, entry),
        "q": words,
        "refused": refused,
        "target": target,
        "more_words": ngettext("%(n)s more to decide", "%(n)s more to decide", to_decide) % {"n": to_decide}
        if to_decide
        else "",
        "next_line": bank.next_line(entry, waiting),
    }
    return render(request, "office/billing/line.html", more, status=status)


def _split(
    request: OfficeRequest,
    entry: BankEntry,
    *,
    status: int = 200,
    refused: list[str] | None = None,
    target: str = "",
) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    chosen = whole_numbers(request.GET.getlist("bill"))
    suggested = candidates_shown(entry, list_suggestions(entry))
    sheet = split_sheet(entry, chosen, request.POST, suggested)
    listed = _candidates(request, entry, words) if words else suggested
    found = [each for each in listed if len(each.parts) == 1 and each.parts[0].amount_minor]
    more = {
        **_facts(request, entry),
        "sheet": sheet,
        "others": [each for each in found if each.parts[0].invoice.pk not in chosen],
        "chosen": chosen,
        "q": words,
        "refused": refused,
        "target": target,
    }
    return render(request, "office/billing/split.html", more, status=status)


def _facts(request: OfficeRequest, entry: BankEntry) -> dict[str, Any]:
    allocations = list(bank.list_allocations(entry))
    return {
        "line": entry,
        "left": entry.balance.left_minor,
        "reasons": reason_words(entry.balance.reasons),
        "allocations": allocations,
        "short": {row.pk for row in allocations if may_be_written_off(row)},
        "costs": list(bank.list_costs(entry)),
        "owed": list_owed(entry.pk),
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
    }


def _candidates(request: OfficeRequest, entry: BankEntry, words: str) -> list[CandidateShown]:
    if not entry.balance.left_minor:
        return []
    if not words:
        listed = candidates_shown(entry, list_suggestions(entry))
        known = {each.numbers for each in listed}
        back = candidates_shown(entry, list_bills_taken_back(entry)) if entry.amount_minor < 0 else []
        return [*listed, *(each for each in back if each.numbers not in known)]
    found = found_bills_shown(entry, look_bills_up(entry, words, ended=list_ended_bills()))
    return [_as_typed(each, request) for each in found]


def _as_typed(each: CandidateShown, request: OfficeRequest) -> CandidateShown:
    """Keep what was typed beside the bill that a refused booking named."""
    if request.POST.get("invoice") != str(each.parts[0].invoice.pk):
        return each
    part = replace(each.parts[0], amount=request.POST.get("amount", ""))
    return replace(each, parts=(part,), reason=request.POST.get("reason", ""))


def _what_happened(moved: reconcile.Moved) -> str:
    words = _("Booked to %(number)s: paid in full, the place is guaranteed.")
    if not moved.settles:
        words = _("Booked to %(number)s. It is not paid in full, so the place is not guaranteed.")
    elif not bills_of_held_places([moved.invoice.pk]):
        words = _("Booked to %(number)s: paid in full, but nobody holds its place any more.")
    return words % {"number": moved.invoice.number}


def _changed(entry: BankEntry) -> str:
    left = Money(entry.balance.left_minor, entry.currency).decimal
    return _("%(sum)s of the line are left now; nothing of yours was booked.") % {"sum": f"{entry.currency} {left}"}


def _example(entry: BankEntry) -> str:
    return str(Money(abs(entry.balance.left_minor), entry.currency).decimal)


def _field_of(refused: Refused, bill: str) -> str:
    """Return the id of the field that a refused booking is about; blank where it is about none."""
    reasons = set(refused.ruling.reasons)
    if "reason_missing" in reasons:
        return "rest_reason"
    return f"amount-{bill}" if reasons & ABOUT_THE_AMOUNT else ""


def _next(entry: BankEntry) -> HttpResponse:
    waiting = bank.next_line(entry, bank.list_waiting_beside(entry))
    return redirect("show-line", waiting.pk) if waiting else redirect("list-lines")


def _entry(entry_id: int) -> BankEntry:
    entry = bank.find_line(entry_id)
    if entry is None:
        raise Http404
    return entry


def _entry_of(entry_id: int, rows_of: Callable[[BankEntry], QuerySet[Any]], row_id: int) -> BankEntry:
    """Return the line that a row of its history stands at."""
    entry = _entry(entry_id)
    if not rows_of(entry).filter(pk=row_id).exists():
        raise Http404
    return entry
