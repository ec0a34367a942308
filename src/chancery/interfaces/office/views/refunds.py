"""Money on its way back: what is set aside, what waits for a second person, the files for the bank."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chancery.domain.billing.models import EntryBalance, Refund, RefundBatch
from chancery.domain.billing.queries.issuing import accounts_of_issuer
from chancery.domain.billing.queries.paying import list_payable, pick_for_file
from chancery.domain.billing.queries.refunds import (
    list_batches,
    list_refunds,
    list_to_return,
    refunds_for_two_people,
)
from chancery.domain.billing.states import RefundState
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.characters import on_one_line
from chancery.foundation.figures import whole_numbers
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.refunds import RefundForm
from chancery.interfaces.office.money_shown import REFUSALS, refusal_words
from chancery.interfaces.office.refunds_shown import refunds_shown
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.money import refunds_sheet
from chancery.journey import repay

NOT_GONE = (RefundState.PROPOSED, RefundState.APPROVED, RefundState.EXPORTED)


@office_page(Permission.SEE_MONEY)
@require_GET
def list_money_back(request: OfficeRequest) -> HttpResponseBase:
    """Show what is to be given back, by the day it is due."""
    if is_sheet_asked(request):
        return give_sheet(request, "refunds", refunds_sheet(list_refunds()))
    return _page(request)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def propose_refund(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Propose to give back what is set aside of a line."""
    balance = get_object_or_404(EntryBalance, entry=entry_id)
    form = RefundForm(request.POST)
    if not form.is_valid():
        return _page(
            request,
            status=422,
            refused=[_("A name is needed, and a valid IBAN or an account in words.")],
            typed={balance.pk: form},
        )
    try:
        repay.propose_refund(entry_id=entry_id, actor=request.actor, now=clock.now(), **form.cleaned_data)
    except Refused as refused:
        return _page(request, status=409, refused=refusal_words(refused), typed={balance.pk: form})
    messages.success(request, _("Proposed. It waits to be approved."))
    return redirect("list-refunds")


@office_page(Permission.APPROVE_AS_SECOND_PERSON)
@require_POST
@sent_once
def decide_refund(request: OfficeRequest, refund_id: int) -> HttpResponse:
    """Approve or reject a refund as the second person."""

    def act(refund: Refund) -> str:
        approved = request.POST.get("decision") == "approve"
        seen, now = request.POST.get("seen", ""), clock.now()
        decided = repay.decide_refund(refund_id=refund.pk, approved=approved, seen=seen, actor=request.actor, now=now)
        return _("Rejected.") if decided.state == RefundState.REJECTED else _("Approved.")

    return _do_act(request, refund_id, act)


@office_page(Permission.MOVE_MONEY)
@require_http_methods(["GET", "POST"])
@sent_once
def name_account(request: OfficeRequest, refund_id: int) -> HttpResponse:
    """Ask for the account that a refund goes to; another person approves it after that."""
    refund = get_object_or_404(list_refunds(), pk=refund_id)
    told = {"name": refund.name, "iban": refund.iban or refund.entry.payer_iban, "by_hand": refund.by_hand}
    form = RefundForm(request.POST or None, initial=told)
    words = {"refund": refund, "form": form, "accounts": accounts_of_issuer(refund)}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "office/billing/refund_account.html", words, status=status)
    try:
        repay.name_account(refund_id=refund.pk, actor=request.actor, now=clock.now(), **form.cleaned_data)
    except Refused as refused:
        refused_words = {**words, "refused": refusal_words(refused)}
        return render(request, "office/billing/refund_account.html", refused_words, status=409)
    messages.success(request, _("Kept. Another person approves it."))
    return redirect("list-refunds")


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def choose_paying_account(request: OfficeRequest, refund_id: int) -> HttpResponse:
    """Let a refund leave from another account of ours; another person approves it after that."""

    def act(refund: Refund) -> str:
        number, seen = _typed(request, "account"), _typed(request, "seen")
        repay.choose_paying_account(refund_id=refund.pk, number=number, seen=seen, actor=request.actor, now=clock.now())
        return _("Kept. Another person approves it.")

    return _do_act(request, refund_id, act)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def fail_refund(request: OfficeRequest, refund_id: int) -> HttpResponse:
    """Say that the bank did not pay a refund: the money waits at its line again."""

    def act(refund: Refund) -> str:
        reason = _typed(request, "reason")
        repay.fail_refund(refund_id=refund.pk, reason=reason, actor=request.actor, now=clock.now())
        return _("The money waits at its line. Propose it anew, with the account that is right.")

    return _do_act(request, refund_id, act)


@office_page(Permission.RELEASE_HOLD)
@require_POST
@sent_once
def release_refund(request: OfficeRequest, refund_id: int) -> HttpResponse:
    """Release a refund that a country held, to the account that it names."""

    def act(refund: Refund) -> str:
        reason, seen = _typed(request, "reason"), _typed(request, "seen")
        repay.release_refund(refund_id=refund.pk, reason=reason, seen=seen, actor=request.actor, now=clock.now())
        return _("Released. The next file for the bank may hold it.")

    return _do_act(request, refund_id, act)


@office_page(Permission.SEE_MONEY)
@require_GET
def show_instruction(request: OfficeRequest, refund_id: int) -> HttpResponse:
    """Show an approved refund that no file reaches as an instruction for the bank, to be printed and signed."""
    refund = get_object_or_404(list_refunds(), pk=refund_id)
    if not (ruling := list_payable([refund])[0].instruction):
        return _page(request, status=409, refused=[str(REFUSALS[code]) for code in ruling.reasons])
    return render(request, "office/billing/refund_instruction.html", {"refund": refund})


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def make_refund_file(request: OfficeRequest) -> HttpResponse:
    """Make the file of all approved refunds; ``other`` are the lines of which somebody says: another payment."""
    others = whole_numbers(request.POST.getlist("other"))
    try:
        batch = repay.make_refund_file(actor=request.actor, now=clock.now(), others=others)
    except Refused as refused:
        return _page(request, status=409, refused=refusal_words(refused))
    href, said = reverse("download-refund-file", args=[batch.pk]), _("The file is made. Take it to the bank once.")
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, href, batch.filename))
    return redirect("list-refunds")


@office_page(Permission.SEE_MONEY)
@require_GET
def download_refund_file(request: OfficeRequest, batch_id: int) -> HttpResponse:
    """Hand out a file that was made: the same bytes each time."""
    batch = get_object_or_404(RefundBatch, pk=batch_id)
    return HttpResponse(
        bytes(batch.content),
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{batch.filename}"'},
    )


def _do_act(request: OfficeRequest, refund_id: int, act: Callable[[Refund], str]) -> HttpResponse:
    """Do an act on a refund and say what it did; what stands in the way is said above the list."""
    refund = get_object_or_404(Refund, pk=refund_id)
    try:
        said = act(refund)
    except Refused as refused:
        return _page(request, status=409, refused=refusal_words(refused))
    messages.success(request, said)
    return redirect("list-refunds")


def _typed(request: OfficeRequest, name: str) -> str:
    """Return what a field holds, on one line and without what nobody sees."""
    return on_one_line(request.POST.get(name, ""))


def _page(
    request: OfficeRequest,
    *,
    status: int = 200,
    refused: list[str] | None = None,
    typed: dict[int, RefundForm] | None = None,
) -> HttpResponse:
    refunds = list(list_refunds())
    guarded = refunds_for_two_people(refunds)
    own = {each.pk for each in refunds if request.user.pk in each.authors and each.pk in guarded}
    weighed = list_payable([each for each in refunds if each.state in NOT_GONE])
    words: dict[str, Any] = {
        "to_return": [(each, (typed or {}).get(each.pk) or _form(each)) for each in list_to_return()],
        "refunds": refunds_shown(refunds, weighed, own),
        "ready": len(pick_for_file(weighed)),
        "left_out": [each for each in weighed if each.may_be_ticked],
        "may_release": permits(request.roles, Permission.RELEASE_HOLD),
        "batches": list(list_batches()[:50]),
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
        "may_approve": permits(request.roles, Permission.APPROVE_AS_SECOND_PERSON),
        "refused": refused,
    }
    return render(request, "office/billing/refunds.html", words, status=status)


def _form(balance: EntryBalance) -> RefundForm:
    entry = balance.entry
    return RefundForm(initial={"name": entry.payer_name, "iban": entry.payer_iban}, auto_id=f"refund-{balance.pk}-%s")
