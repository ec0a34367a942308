"""Which refunds left with a debit or came back with a credit: said at its line, one or several, and taken back."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chancery.domain.billing.models import Refund
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.characters import on_one_line
from chancery.foundation.figures import whole_numbers
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.line_page import get_entry, line_page
from chancery.interfaces.office.money_shown import refusal_words
from chancery.journey import repay


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def name_leaving(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Say which refunds left with a line."""

    def act(named: Collection[int], now: datetime) -> str:
        reason = on_one_line(request.POST.get("reason", ""))
        repay.name_leaving(refund_ids=named, entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return ngettext(
            "The refund has left our bank; whoever is paid reads it.",
            "The refunds have left our bank; whoever is paid reads it.",
            len(named),
        )

    return _name(request, entry_id, act)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def name_coming_back(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Say which refunds came back with a line; their money waits at its first lines again."""

    def act(named: Collection[int], now: datetime) -> str:
        repay.name_coming_back(refund_ids=named, entry_id=entry_id, actor=request.actor, now=now)
        return ngettext(
            "The money waits at its line. Propose it anew, with the account that is right.",
            "The money waits at its lines. Propose it anew, with the accounts that are right.",
            len(named),
        )

    return _name(request, entry_id, act)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_leaving(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Say that the refunds named at a line did not leave with it: they are to be paid again."""

    def act(reason: str, now: datetime) -> str:
        back = repay.undo_leaving(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return ngettext(
            "The line waits again, and the refund is still to be paid; whoever is paid reads it.",
            "The line waits again, and its refunds are still to be paid; whoever is paid reads it.",
            len(back),
        )

    return _undo(request, entry_id, Refund.objects.filter(debit=entry_id), act, redirect("list-refunds"))


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def undo_coming_back(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Say that the refunds named at a line did not come back with it: they are on their way."""

    def act(reason: str, now: datetime) -> str:
        back = repay.undo_coming_back(entry_id=entry_id, reason=reason, actor=request.actor, now=now)
        return ngettext(
            "The line waits again, and the refund is on its way as before; whoever is paid reads it.",
            "The line waits again, and its refunds are on their way as before; whoever is paid reads it.",
            len(back),
        )

    return _undo(request, entry_id, Refund.objects.filter(came_back=entry_id), act, redirect("show-line", entry_id))


def _name(request: OfficeRequest, entry_id: int, act: Callable[[Collection[int], datetime], str]) -> HttpResponse:
    """Do an act on the ticked refunds of a line; several are said once their sum was seen as they are ticked now."""
    entry, named = get_entry(entry_id), set(whole_numbers(request.POST.getlist("refund")))
    refunds = Refund.objects.filter(pk__in=named)
    if len(refunds) != len(named):
        raise Http404
    if "add" in request.POST:
        return line_page(request, entry)
    if request.POST.get("sum", total := str(sum(each.amount_minor for each in refunds))) != total:
        words = _("Other refunds are ticked than were added up. Look at the sum, then say it.")
        return line_page(request, entry, status=422, refused=[words], target="ticked")
    field = "exceeds" if "sum" in request.POST else f"exceeds-{next(iter(named), '')}"
    try:
        messages.success(request, act(named, clock.now()))
    except Refused as refused:
        return _refused(request, entry_id, refused, field=field)
    return redirect("list-refunds")


def _undo(
    request: OfficeRequest,
    entry_id: int,
    named: QuerySet[Refund],
    act: Callable[[str, datetime], str],
    onward: HttpResponse,
) -> HttpResponse:
    """Take back, for the typed reason, what was said of the refunds that are named at a line, and go on."""
    get_entry(entry_id)
    if not named.exists():
        raise Http404
    try:
        messages.success(request, act(on_one_line(request.POST.get("reason", "")), clock.now()))
    except Refused as refused:
        return _refused(request, entry_id, refused, field="wrong")
    return onward


def _refused(request: OfficeRequest, entry_id: int, refused: Refused, *, field: str) -> HttpResponse:
    """Say at the line, as it stands by now, what stands in the way; ``field`` is the id of the reason."""
    target = field if "reason_missing" in refused.ruling.reasons else ""
    return line_page(request, get_entry(entry_id), status=409, refused=refusal_words(refused), target=target)
