"""The payer's page: one bill by a signed link, no account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from chancery.domain.billing.models import Invoice
from chancery.domain.billing.payer_link import number_from_token, payer_token
from chancery.domain.billing.queries.invoices import find_invoice
from chancery.interfaces.participant.payment import data_response, pack_response, payment_words, pdf_response


@require_GET
def pay_invoice(request: HttpRequest, token: str) -> HttpResponse:
    """Show the bill that the link opens, with everything a transfer needs."""
    invoice = _invoice(token)
    if invoice.corrects:
        return redirect("pay-invoice", payer_token(invoice.corrects.number))
    words = {**payment_words(invoice), "token": token, "edition": invoice.edition}
    return render(request, "participant/places/pay.html", words)


@require_GET
def pay_invoice_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the paper of the bill that the link opens."""
    return pdf_response(_invoice(token))


@require_GET
def pay_invoice_pack(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out all that an accounts department needs to pay the bill."""
    return pack_response(_invoice(token))


@require_GET
def pay_invoice_data(request: HttpRequest, token: str, syntax: str) -> HttpResponse:
    """Hand out the bill as data for an accounting system."""
    return data_response(_invoice(token), syntax)


def _invoice(token: str) -> Invoice:
    number = number_from_token(token)
    invoice = find_invoice(number) if number else None
    if invoice is None:
        raise Http404
    return invoice
