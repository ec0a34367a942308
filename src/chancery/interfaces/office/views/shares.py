"""Two payers share a fee: the desk names the second one, before the bill or in place of an unpaid one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.payers import second_payer_of, second_payer_to_type
from chancery.domain.billing.queries.pricing import currency_of
from chancery.domain.enrollment.queries import billed_lines, find_place
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import application_of, edition_of
from chancery.interfaces.office.forms.payers import ShareForm
from chancery.interfaces.office.money_shown import refusal_words
from chancery.journey import shares


@office_page(Permission.MOVE_MONEY)
@require_http_methods(["GET", "POST"])
@sent_once
def share_fee(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Name the second payer: two bills in place of an unpaid one, else with the bill to come."""
    application = application_of(edition_of(request, edition_slug), reference)
    if request.method == "POST" and "drop" in request.POST:
        shares.drop_second_payer(application_id=application.pk, actor=request.actor, now=clock.now())
        messages.success(request, _("One payer pays the whole fee. Tell the participant, if they asked for two."))
        return redirect("list-bills", edition_slug)
    currency = currency_of(application)
    known = second_payer_to_type(second_payer_of(application), currency)
    form = ShareForm(request.POST or None, initial=known, currency=currency)
    if request.method != "POST" or not form.is_valid():
        return _page(request, application, form, status=422 if form.is_bound else 200)
    try:
        bills = shares.share_fee(
            application_id=application.pk, second=form.second(), actor=request.actor, now=clock.now()
        )
    except Refused as refused:
        return _page(request, application, form, status=409, refused=refusal_words(refused))
    if bills is None:
        messages.success(request, _("Saved: the bill to come is two, one for each payer."))
        return redirect("list-bills", edition_slug)
    messages.success(request, _("Issued: %(number)s.") % {"number": f"{bills[0].number}, {bills[1].number}"})
    return redirect("show-bill", bills[1].number)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def join(request: OfficeRequest, number: str) -> HttpResponse:
    """Let one of two payers pay it all: both unpaid bills are credited, one over the whole fee is issued."""
    invoice = get_object_or_404(Invoice, number=number)
    try:
        bill = shares.join_bills(invoice_id=invoice.pk, actor=request.actor, now=clock.now())
    except Refused as refused:
        messages.error(request, " ".join(refusal_words(refused)))
        return redirect("show-bill", number)
    messages.success(request, _("Issued: %(number)s.") % {"number": bill.number})
    return redirect("show-bill", bill.number)


def _page(
    request: OfficeRequest,
    application: Application,
    form: ShareForm,
    *,
    status: int,
    refused: list[str] | None = None,
) -> HttpResponse:
    place = find_place(application.pk)
    words: dict[str, Any] = {
        "application": application,
        "bills": [line.invoice for line in billed_lines(place)] if place else [],
        "second": second_payer_of(application),
        "form": form,
        "refused": refused,
    }
    return render(request, "office/billing/share.html", words, status=status)
