"""The paper of a bill as it is stored: the sheet, and in an invoice or credit note the same facts as data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chancery.domain.billing.documents.electronic_invoice import (
    Syntax,
    as_factur_x,
    attachment_of,
    electronic_invoice,
)
from chancery.domain.billing.documents.invoice_sheet import render_invoice
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.electronic import electronic_of, is_electronic
from chancery.foundation.ruling import Refused, refusal


class NoElectronicForm(Refused):
    """A payment request is no invoice: the issuer's own system makes that one, with its data."""


def render_bill(facts: Mapping[str, Any], *, language: str, issued_at: datetime) -> bytes:
    """Return the PDF of a bill from its frozen facts: Factur-X where the bill has an electronic form.

    :raises Invoice.DoesNotExist: when no bill has the number on the paper.
    """
    bill = Invoice.objects.select_related("party", "document", "corrects").get(number=facts["number"])
    if not is_electronic(bill):
        return render_invoice(facts, language=language, issued_at=issued_at)
    data = attachment_of(electronic_of(bill))
    return as_factur_x(render_invoice(facts, language=language, issued_at=issued_at, attachments=(data,)))


def bill_as_xml(bill: Invoice, syntax: Syntax) -> bytes:
    """Return a bill as XML in one of the two syntaxes; the CII is the one in its PDF.

    :raises NoElectronicForm: when the bill is a payment request or a pro-forma.
    """
    if not is_electronic(bill):
        raise NoElectronicForm(refusal("no_electronic_form"), f"{bill.number} is a {bill.kind}, which has no e-invoice")
    return electronic_invoice(electronic_of(bill), syntax)
