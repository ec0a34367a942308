"""The payer's page: one bill by a signed link, no account; a link that has ended leads to a new one by mail."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.billing.models import Invoice
from chancery.domain.billing.payer_link import LASTS, is_fresh, number_from_token
from chancery.domain.billing.queries.invoices import find_invoice, is_in_use, list_credit_notes
from chancery.foundation import clock
from chancery.interfaces.participant.page_frame import payer_frame
from chancery.interfaces.participant.payment import data_response, pack_response, payment_words, pdf_response
from chancery.journey.renew_link import send_new_link


@dataclass(frozen=True, slots=True)
class _Link:
    """A link of ours and the bill that it opens."""

    token: str
    invoice: Invoice

    @property
    def has_ended(self) -> bool:
        return not is_fresh(self.token) and not is_in_use(self.invoice, since=clock.now() - LASTS)


def _by_link[**P](view: Callable[Concatenate[HttpRequest, _Link, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the link to the view; one that has ended is a 410 that says how to get another one."""

    @functools.wraps(view)
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = _link(token)
        if link.has_ended:
            words = {**payer_frame(link.invoice.edition), "invoice": link.invoice, "token": token}
            return render(request, "participant/places/pay_ended.html", words, status=410)
        return view(request, link, *args, **kwargs)

    return opened


@require_GET
@_by_link
def pay_invoice(request: HttpRequest, link: _Link) -> HttpResponse:
    """Show the bill that the link opens, with everything a transfer needs."""
    words = {**payer_frame(link.invoice.edition), **payment_words(link.invoice, token=link.token)}
    return render(request, "participant/places/pay.html", words)


@require_GET
@_by_link
def pay_invoice_pdf(request: HttpRequest, link: _Link) -> HttpResponse:
    """Hand out the paper of the bill that the link opens, or of its credit note that the address names besides."""
    number = request.GET.get("note")
    if number is None:
        return pdf_response(link.invoice)
    return pdf_response(get_object_or_404(list_credit_notes(corrects=link.invoice), number=number))


@require_GET
@_by_link
def pay_invoice_pack(request: HttpRequest, link: _Link) -> HttpResponse:
    """Hand out all that an accounts department needs to pay the bill."""
    return pack_response(link.invoice)


@require_GET
@_by_link
def pay_invoice_data(request: HttpRequest, link: _Link, syntax: str) -> HttpResponse:
    """Hand out the bill as data for an accounting system."""
    return data_response(link.invoice, syntax)


@require_POST
def renew_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a new link to the address on the bill, never to one that somebody types; one that still works stays."""
    link = _link(token)
    if link.has_ended:
        send_new_link(invoice=link.invoice, now=clock.now())
        messages.success(request, _("A new link is on its way to the address to which the bill went."))
    return redirect("pay-invoice", token)


def _link(token: str) -> _Link:
    """Return what a token opens; one of no bill is a 404."""
    number = number_from_token(token)
    invoice = find_invoice(number) if number else None
    if invoice is None or invoice.corrects:
        raise Http404
    return _Link(token, invoice)
