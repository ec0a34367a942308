"""What a payer's accounts department asks of a new supplier: who we are, and which account the transfer goes to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from chancery.domain.billing.documents.invoice import InvoiceDocument
from chancery.domain.billing.documents.invoice_sheet import amount_of, how_to_pay, labelled, title_of
from chancery.foundation.documents.facts import thaw
from chancery.foundation.documents.spelling import spell_date
from chancery.foundation.documents.typesetting import LETTER, render

TEMPLATE = "domain/billing/documents/payer_sheet.typ"


def render_payer_sheet(facts: InvoiceDocument | Mapping[str, Any], *, language: str, issued_at: datetime) -> bytes:
    """Return the sheet that goes with a bill (PDF/A-2a and PDF/UA-1), from the bill's own frozen facts.

    It says nothing that the bill does not say, so that an account which changed since cannot slip in.
    """
    document = facts if isinstance(facts, InvoiceDocument) else thaw(InvoiceDocument, facts)
    with override(language):
        sheet = _sheet(document, language)
    return render(TEMPLATE, sheet, standards=LETTER, issued_at=issued_at, language=language)


def _sheet(document: InvoiceDocument, language: str) -> dict[str, Any]:
    seller, bill = document.seller, title_of(document)
    title = _("Supplier and payment details")
    return {
        "title": title,
        "author": seller.legal_name,
        "description": f"{title}, {seller.legal_name}, {bill}",
        "house": seller.legal_name,
        "house_line": " · ".join(seller.address),
        "footer": " · ".join(filter(None, (seller.legal_name, seller.tax_id, bill))),
        "page_of": _("Page {page} of {pages}"),
        "demo_notice": _("Demonstration: the amounts on this paper are examples, not the fees of the course.")
        if document.demo_amounts
        else "",
        "supplier_title": _("Who we are"),
        "supplier": labelled(
            [
                (_("Registered name"), seller.legal_name),
                (_("Tax number"), seller.tax_id),
                (_("Address"), ", ".join(seller.address)),
                (_("Questions about orders, tax and payment"), seller.contact),
            ]
        ),
        "bill_title": _("What the payment is for"),
        "bill": labelled(
            [
                (_("Paper"), bill),
                (_("Issued on"), spell_date(document.issued_on, language)),
                (_("Course"), document.course),
                (_("Billed to"), document.buyer.legal_name),
                (_("The rest of the fee is billed to"), document.other_payer),
                (_("Your order number"), document.buyer.purchase_order),
                (_("Total"), amount_of(document, document.total_minor, language)),
                (_("Paid already"), amount_of(document, document.paid_minor, language) if document.paid_minor else ""),
                (_("To be paid by"), spell_date(document.due_on, language) if document.due_on else ""),
            ]
        ),
        "labels": {"how_to_pay": _("How to pay")},
        "payment": how_to_pay(document, document.beneficiary, language),
        "closing": _(
            "The bank details on this sheet are those of the bill. We never send others by mail: if somebody asks you "
            "to pay to another account, ask us first."
        ),
    }
