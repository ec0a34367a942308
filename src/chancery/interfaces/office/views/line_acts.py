"""Every act on a bank line but its booking: each says what it did, or the line says what stands in the way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.billing.models import BankEntry
from chancery.domain.billing.queries import bank
from chancery.domain.billing.queries.corrections import find_correction
from chancery.domain.billing.queries.returned_lines import find_return
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.queries.differences import list_differences_of
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.reconcile import NoteForm, ReasonForm
from chancery.interfaces.office.line_page import get_entry, go_on, line_page, taken_back_words
from chancery.interfaces.office.money_shown import refusal_words
from chancery.journey import reconcile, recount


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def park_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Leave a line in suspense with a note."""
    entry, form = get_entry(entry_id), NoteForm(request.POST)
    if not form.is_valid():
        return line_page(request, entry, status=422, refused=[_("Write what you are waiting for.")], target="note")
    reconcile.park_line(entry_id=entry.pk, note=form.cleaned_data["note"], actor=request.actor, now=clock.now())
    messages.success(request, _("The note is kept; the line stays in suspense."))
    return go_on(entry)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def count_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Count a line that may be on file already as money of its own, and show the line that counts."""

    def act(reason: str, now: datetime) -> HttpResponse:
        counted = reconcile.count_line(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        messages.success(request, _("It counts as money of its own."))
        return redirect("show-line", counted.pk)

    return _with_reason(request, get_entry(entry_id), act, field="shows")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def leave_line_out(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Leave a line out that is on file already."""

    def act(reason: str, now: datetime) -> str:
        reconcile.leave_line_out(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("Left out: it is the line on file.")

    return _do_act(request, get_entry(entry_id), act, field="shows", onward=True)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def correct_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Take a line for the corrected sum of the one on file, and show the difference."""

    def act(reason: str, now: datetime) -> HttpResponse:
        correction = reconcile.correct_line(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        messages.success(request, _("The difference is a line of its own now."))
        return redirect("show-line", correction.line_id)

    return _with_reason(request, get_entry(entry_id), act, field="shows")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_correction(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Take a correction back: what the bank told waits for a person again."""

    def act(reason: str, now: datetime) -> str:
        reconcile.undo_correction(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("The correction is taken back.")

    entry = get_entry(entry_id)
    if find_correction(entry) is None:
        raise Http404
    return _do_act(request, entry, act, field="uncorrect")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def give_back(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Set what is left of a line aside to be given back; ``other``: it is none of our refunds that came back."""

    def act(reason: str, now: datetime) -> str:
        is_other = "other" in request.POST
        reconcile.keep_to_return(
            entry_id=entry_id, reason=reason, is_other_payment=is_other, actor=request.actor, now=now
        )
        return _("Set aside to be given back.")

    return _do_act(request, get_entry(entry_id), act, field="back", onward=True)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def book_cost(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Book money that left as a cost of ours."""

    def act(reason: str, now: datetime) -> str:
        reconcile.book_cost(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("Booked as a cost.")

    return _do_act(request, get_entry(entry_id), act, field="cost", onward=True)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_cost(request: OfficeRequest, entry_id: int, cost_id: int) -> HttpResponse:
    """Take a cost back by a new row; the line waits again."""

    def act(reason: str, now: datetime) -> str:
        reconcile.take_cost_back(cost_id=cost_id, reason=reason, actor=request.actor, now=now)
        return _("The cost is taken back.")

    return _do_act(request, _entry_of(entry_id, bank.list_costs, cost_id), act, field=f"uncost-{cost_id}")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def join_return(request: OfficeRequest, entry_id: int, credit_id: int) -> HttpResponse:
    """Say that a debit took a credit of nobody back, or moved to an account of ours: both lines are used up."""
    entry, credit = get_entry(entry_id), get_entry(credit_id)
    try:
        joined = reconcile.join_return(debit_id=entry.pk, credit_id=credit.pk, actor=request.actor, now=clock.now())
    except Refused as refused:
        return line_page(request, get_entry(entry_id), status=409, refused=refusal_words(refused))
    messages.success(
        request,
        _("Both lines are used up: the money moved between two accounts of ours.")
        if joined.is_transfer
        else _("Both lines are used up: what came in has left again."),
    )
    return go_on(entry)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def part_return(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Say that a line did not take the other one back that it was joined with: both wait again."""
    entry = get_entry(entry_id)
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
    entry, found = get_entry(entry_id), get_object_or_404(CancellationNotice, pk=notice_id)
    try:
        row = recount.count_as_paid(entry_id=entry.pk, notice_id=found.pk, actor=request.actor, now=clock.now())
    except reconcile.HeldForACheck as refused:
        return line_page(request, get_entry(entry_id), status=409, refused=refusal_words(refused), held=True)
    except Refused as refused:
        return line_page(request, get_entry(entry_id), status=409, refused=refusal_words(refused))
    said = _("Counted as paid by then: %(number)s says what stays, and the refund waits for the second person.")
    messages.success(request, said % {"number": row.bill.number} if row.back_minor else _("Counted as paid by then."))
    return go_on(entry)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_count(request: OfficeRequest, entry_id: int, difference_id: int) -> HttpResponse:
    """Say that a credit does not count as paid by a notice after all; the line waits again."""

    def act(reason: str, now: datetime) -> str:
        undone = recount.take_count_back(difference_id=difference_id, reason=reason, actor=request.actor, now=now)
        words = _("It no longer counts as paid by then: %(number)s credits the bill over what stayed.")
        return words % {"number": undone.credit_note.number}

    return _do_act(
        request, _entry_of(entry_id, list_differences_of, difference_id), act, field=f"uncount-{difference_id}"
    )


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_allocation(request: OfficeRequest, entry_id: int, allocation_id: int) -> HttpResponse:
    """Take a booking back by a new row; the line waits again."""

    def act(reason: str, now: datetime) -> str:
        moved = reconcile.take_back(allocation_id=allocation_id, reason=reason, actor=request.actor, now=now)
        return taken_back_words(moved)

    return _do_act(
        request, _entry_of(entry_id, bank.list_allocations, allocation_id), act, field=f"undo-{allocation_id}"
    )


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


@office_page(Permission.RELEASE_HOLD)
@require_POST
@sent_once
def release_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Release a line that a country held."""

    def act(reason: str, now: datetime) -> str:
        reconcile.release_line(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return _("Released. It can be booked now.")

    return _do_act(request, get_entry(entry_id), act, field=f"release-{entry_id}", held=True)


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
        return go_on(entry) if onward else redirect("show-line", entry.pk)

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
        return line_page(request, entry, status=422, refused=[_("Say why, in a few words.")], target=field, held=held)
    try:
        return act(form.cleaned_data["reason"], clock.now())
    except Refused as refused:
        return line_page(request, get_entry(entry.pk), status=409, refused=refusal_words(refused))


def _entry_of(entry_id: int, rows_of: Callable[[BankEntry], QuerySet[Any]], row_id: int) -> BankEntry:
    """Return the line that a row of its history stands at."""
    entry = get_entry(entry_id)
    if not rows_of(entry).filter(pk=row_id).exists():
        raise Http404
    return entry
