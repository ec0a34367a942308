"""What a page says about a bill: the sum, where it goes, and the code that a banking app reads."""

from typing import Any

import segno
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.documents.payer_pack import NoPackForCreditNote
from chancery.domain.billing.epc import epc_payload
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.billing.queries.electronic import is_electronic
from chancery.domain.billing.queries.invoices import list_credit_notes, state_of
from chancery.domain.billing.states import InvoiceKind
from chancery.domain.enrollment.queries import bills_beside, bills_still_due
from chancery.foundation import clock
from chancery.foundation.figures import in_groups_of_four
from chancery.foundation.money import Money
from chancery.foundation.ui.parts import Answer
from chancery.foundation.ui.wording import money_text
from chancery.journey.bill import invoice_pack, invoice_pdf


def payment_words(invoice: Invoice, *, token: str = "") -> dict[str, Any]:
    """Return the context of a page that shows a bill; ``token`` is the link by which somebody without account reads."""
    left, ended = invoice.balance.open_minor, not bills_still_due([invoice.pk])
    return {
        "invoice": invoice,
        "is_request": invoice.kind == InvoiceKind.REQUEST,
        "has_data": is_electronic(invoice),
        "state": state_of(invoice.balance),
        "ended": ended,
        "beside": bills_beside(invoice),
        "open_minor": left,
        "received_minor": invoice.balance.allocated_minor,
        "owed_minor": left + invoice.balance.allocated_minor,
        "credit_notes": list(list_credit_notes(corrects=invoice)),
        "token": token or payer_token(invoice.number),
        "payment": _payment_lines(invoice, left),
        "code": "" if ended else _code(invoice, left),
    }


def pdf_response(invoice: Invoice) -> HttpResponse:
    """Return the paper of a bill as a download."""
    return paper_response(invoice_pdf(invoice=invoice, now=clock.now()), f"{invoice.number}.pdf")


def paper_response(content: bytes, filename: str) -> HttpResponse:
    """Return a PDF as a download."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def pack_response(invoice: Invoice) -> HttpResponse:
    """Return what an accounts department needs to pay a bill, as one download.

    :raises Http404: when the bill is a credit note, which nobody pays.
    """
    try:
        content = invoice_pack(invoice=invoice, now=clock.now())
    except NoPackForCreditNote as refused:
        raise Http404 from refused
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{invoice.number}-pay.zip"'},
    )


def data_response(invoice: Invoice, syntax: str) -> HttpResponse:
    """Return a bill as XML, a download.

    :raises Http404: when it has no such form.
    """
    if syntax not in set(Syntax) or not is_electronic(invoice):
        raise Http404
    return HttpResponse(
        bill_as_xml(invoice, Syntax(syntax)),
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{invoice.number}-{syntax}.xml"'},
    )


def file_words(reason: str) -> str:
    """Say why an upload was refused."""
    return {
        "file_too_large": _("The file is larger than 10 MB."),
        "file_empty": _("The file is empty."),
        "file_kind": _("Only PDF, JPEG and PNG files are taken."),
        "file_broken": _("The picture cannot be read. Save it again and try once more."),
        "proofs_enough": _("You have sent ten proofs of this bill already. Write to us if you have another one."),
    }[reason]


def _payment_lines(invoice: Invoice, left: int) -> list[Answer]:
    issuer = invoice.issuer
    lines = [
        (_("Amount"), money_text(left, invoice.currency)),
        (_("Beneficiary"), issuer["beneficiary"]),
        ("IBAN", in_groups_of_four(issuer["iban"])),
        ("BIC", issuer["bic"]),
        (_("Bank"), ", ".join(filter(None, (issuer["bank"], issuer["bank_address"])))),
        (_("Reference"), in_groups_of_four(invoice.creditor_reference)),
    ]
    return [Answer(label, value) for label, value in lines if value]


def _code(invoice: Invoice, left: int) -> str:
    if invoice.currency != "EUR" or left <= 0:
        return ""
    payload = epc_payload(
        beneficiary=invoice.issuer["beneficiary"],
        iban=invoice.issuer["iban"],
        bic=invoice.issuer["bic"],
        amount=Money(left, "EUR").decimal,
        reference=invoice.creditor_reference,
    )
    code = segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False)
    picture: str = code.svg_data_uri(scale=4, border=4, dark="#17202E", light="#fff")
    return picture
