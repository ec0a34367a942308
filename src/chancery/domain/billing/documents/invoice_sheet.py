"""The invoice as its reader sees it: which words, in which order, in which language."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from chancery.domain.billing.documents.conditions import condition_paragraphs
from chancery.domain.billing.documents.invoice import (
    CORRECTING,
    Beneficiary,
    InvoiceDocument,
    ParticipantFee,
    PrintedKind,
    VatLine,
)
from chancery.domain.billing.epc import epc_payload
from chancery.foundation.documents.facts import thaw
from chancery.foundation.documents.fonts import printable_name
from chancery.foundation.documents.spelling import (
    spell_amount,
    spell_date,
    spell_day,
    spell_days,
)
from chancery.foundation.documents.typesetting import LETTER_WITH_FILES, Attachment, render
from chancery.foundation.figures import figure_of, in_groups_of_four
from chancery.foundation.money import Money

TEMPLATE = "domain/billing/documents/invoice.typ"
# Any of the eight masks can be read; trying them all takes longer than the rest of the invoice.
CODE_MASK = 2
CODE_INK = "#17202E"
QUIET_ZONE = 4


def render_invoice(
    facts: InvoiceDocument | Mapping[str, Any],
    *,
    language: str,
    issued_at: datetime,
    attachments: tuple[Attachment, ...] = (),
) -> bytes:
    """Return the PDF (PDF/A-3a and PDF/UA-1) of an invoice, from its dataclass or its frozen facts.

    The same facts, language, instant and attachments give the same bytes.
    """
    document = facts if isinstance(facts, InvoiceDocument) else thaw(InvoiceDocument, facts)
    with override(language):
        sheet = _sheet(document, language)
    return render(
        TEMPLATE,
        sheet,
        standards=LETTER_WITH_FILES,
        issued_at=issued_at,
        language=language,
        attachments=attachments,
    )


def _sheet(document: InvoiceDocument, language: str) -> dict[str, Any]:
    title = title_of(document)
    total = amount_of(document, document.total_minor, language)
    return {
        "title": title,
        "author": document.seller.legal_name,
        "description": f"{title}, {document.course}, {total}",
        "house": document.seller.legal_name,
        "house_line": " · ".join(document.seller.address),
        "footer": " · ".join(filter(None, (document.seller.legal_name, document.seller.tax_id, title))),
        "page_of": _("Page {page} of {pages}"),
        "labels": _labels(document),
        "standing": _standing(document),
        "demo_notice": _("Demonstration: the amounts on this paper are examples, not the fees of the course.")
        if document.demo_amounts
        else "",
        "buyer": _buyer(document),
        "facts": _facts(document, language),
        "call": _call(document, language),
        "participants": [_participant(document, person, language) for person in document.participants],
        "vat": [_vat(document, line, language) for line in document.vat],
        "total": {
            "net": _figure(document, document.net_minor, language),
            "vat": _figure(document, document.vat_minor, language),
            "gross": total,
            "paid": amount_of(document, document.paid_minor, language) if document.paid_minor else "",
            "to_pay": amount_of(document, document.to_pay_minor, language),
        },
        "payment": how_to_pay(document, document.beneficiary, language),
        "conditions": condition_paragraphs(document, language),
    }


def title_of(document: InvoiceDocument) -> str:
    """Return what the paper calls itself, with its number."""
    return {
        PrintedKind.INVOICE: _("Invoice %(number)s"),
        PrintedKind.CREDIT_NOTE: _("Credit note %(number)s"),
        PrintedKind.PAYMENT_REQUEST: _("Payment request %(number)s"),
        PrintedKind.PRO_FORMA: _("Pro-forma - not an invoice"),
        PrintedKind.CORRECTION: _("Correction %(number)s"),
        PrintedKind.KEPT: _("Invoice %(number)s"),
    }[document.kind] % {"number": document.number}


def _standing(document: InvoiceDocument) -> str:
    if document.kind == PrintedKind.CREDIT_NOTE:
        return _("Corrects invoice %(number)s: %(reason)s.") % {
            "number": document.corrects,
            "reason": document.correction_reason,
        }
    if document.kind == PrintedKind.CORRECTION:
        return _("Corrects payment request %(number)s: %(reason)s. The credit note comes from %(seller)s.") % {
            "number": document.corrects,
            "reason": document.correction_reason,
            "seller": document.seller.legal_name,
        }
    if document.kind == PrintedKind.KEPT:
        return _("For what is kept of a place that ended; invoice %(number)s for the place is credited.") % {
            "number": document.corrects
        }
    if document.kind == PrintedKind.PAYMENT_REQUEST:
        return _("This is a request to pay, not an invoice. The invoice comes from %(seller)s.") % {
            "seller": document.seller.legal_name
        }
    if document.kind == PrintedKind.PRO_FORMA:
        return _(
            "This paper shows what the place costs, so that an order can be raised. It has no invoice number,"
            " no tax can be deducted by it, and it asks for no payment."
        )
    return ""


def _labels(document: InvoiceDocument) -> dict[str, str]:
    return {
        "billed_to": _("Payer") if document.kind == PrintedKind.PRO_FORMA else _("Billed to"),
        "what_for": _("What for"),
        "net_in": _("Before tax, %(currency)s") % {"currency": document.currency},
        "fee": _("Fee"),
        "vat_treatment": _("Value added tax"),
        "net": _("Before tax"),
        "vat": _("Tax"),
        "gross": _("With tax"),
        "total": _("Total"),
        "paid": _("Paid already"),
        "to_pay": _("To pay"),
        "how_to_pay": _("How to pay"),
        "conditions": _("Conditions"),
    }


def _buyer(document: InvoiceDocument) -> dict[str, Any]:
    buyer = document.buyer
    facts = [
        (_("Tax number"), buyer.tax_id),
        (_("Your reference"), buyer.buyer_reference),
        (_("Your order number"), buyer.purchase_order),
    ]
    return {"legal_name": buyer.legal_name, "address": buyer.address, "facts": labelled(facts)}


def _facts(document: InvoiceDocument, language: str) -> list[dict[str, str]]:
    days = spell_days(document.course_from, document.course_until, language)
    if document.dates_provisional:
        days = _("%(days)s (to be confirmed)") % {"days": days}
    facts = [
        (_("Issued on"), spell_date(document.issued_on, language)),
        (_("Valid until"), spell_date(document.valid_until, language) if document.valid_until else ""),
        (_("Application"), document.application),
        (_("Course"), document.course),
        (_("Days and place"), f"{days}, {document.course_place}"),
        (_("Tax number of the issuer"), document.seller.tax_id),
    ]
    return labelled(facts)


def labelled(facts: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Return the facts that say something, each under its label."""
    return [{"label": label, "text": text} for label, text in facts if text]


def _call(document: InvoiceDocument, language: str) -> dict[str, str] | None:
    total, left = (amount_of(document, minor, language) for minor in (document.total_minor, document.to_pay_minor))
    if document.kind in CORRECTING:
        return {
            "sum": total,
            "by": _("in your favour"),
            "consequence": _("No payment is asked for by this paper."),
        }
    if document.kind == PrintedKind.PRO_FORMA:
        return {
            "sum": total,
            "by": _("what the bill will ask for"),
            "consequence": _("Please do not pay by this paper: only the bill carries our account and a reference."),
        }
    if document.kind == PrintedKind.KEPT:
        return {
            "sum": total,
            "by": _("paid already"),
            "consequence": _("What had been paid for the place pays this invoice. Nothing is to be transferred."),
        }
    if document.to_pay_minor <= 0:
        return {
            "sum": total,
            "by": _("paid already"),
            "consequence": _("What had been paid on an earlier bill pays this one. Nothing is to be transferred."),
        }
    places = len(document.participants)
    by = _("to pay by %(day)s") % {"day": spell_day(document.due_on, language)} if document.due_on else _("to pay")
    if document.other_payer:
        shared = _("The place is guaranteed when this bill and that of %(payer)s are paid in full.")
        return {"sum": left, "by": by, "consequence": shared % {"payer": document.other_payer}}
    consequence = ngettext(
        "The place is guaranteed when the whole amount has reached our account.",
        "All %(places)s places are guaranteed when the whole amount has reached our account.",
        places,
    )
    return {"sum": left, "by": by, "consequence": consequence % {"places": places}}


def _participant(document: InvoiceDocument, person: ParticipantFee, language: str) -> dict[str, Any]:
    return {
        "name": printable_name(person.name, person.latin_name).text,
        "latin_name": person.latin_name,
        "reasons": [
            {"label": line.label, "amount": _figure(document, line.amount_minor, language)} for line in person.lines
        ],
        "fee": _figure(document, person.fee_minor, language),
    }


def _vat(document: InvoiceDocument, line: VatLine, language: str) -> dict[str, str]:
    return {
        "label": line.label,
        "note": line.note,
        "net": _figure(document, line.net_minor, language),
        "vat": _figure(document, line.vat_minor, language),
        "gross": _figure(document, line.gross_minor, language),
    }


def how_to_pay(document: InvoiceDocument, account: Beneficiary | None, language: str) -> dict[str, Any] | None:
    """Return the lines and the code that a transfer needs; None where nothing is to be paid."""
    if account is None or document.kind in CORRECTING or document.to_pay_minor <= 0:
        return None
    bank = ", ".join(filter(None, (account.bank, account.bank_address)))
    rows = [
        (_("Amount"), amount_of(document, document.to_pay_minor, language), True),
        (_("Beneficiary"), account.name, False),
        ("IBAN", in_groups_of_four(account.iban), True),
        ("BIC", account.bic, False),
        (_("Bank"), bank, False),
        (_("Reference"), in_groups_of_four(document.reference), True),
    ]
    code = _transfer_code(document, account)
    return {
        "rows": [{"label": label, "text": text, "strong": strong} for label, text, strong in rows if text],
        "hint": _("Write this reference, and only it, into the transfer: by it we know which place is paid."),
        "code": code,
        "code_alt": _(
            "Square code for banking apps: it holds the beneficiary, IBAN, amount and reference printed here."
        ),
        "code_caption": _("Scan to pay"),
    }


def _transfer_code(document: InvoiceDocument, account: Beneficiary) -> str:
    """Return the code as a picture, blank when the amount is not in euro."""
    if document.currency != "EUR":
        return ""
    payload = epc_payload(
        beneficiary=account.name,
        iban=account.iban,
        bic=account.bic,
        amount=Money(document.to_pay_minor, "EUR").decimal,
        reference=document.reference,
    )
    return _picture_of(segno.make_qr(payload, error="m", mask=CODE_MASK, encoding="utf-8", boost_error=False))


def _picture_of(code: segno.QRCode) -> str:
    """Return the code as SVG: one stroke a row of neighbouring dark modules, four modules of white around."""
    strokes = [
        f"M{run.start() + QUIET_ZONE} {row + QUIET_ZONE}.5h{run.end() - run.start()}"
        for row, modules in enumerate(code.matrix)
        for run in re.finditer(b"\x01+", modules)
    ]
    side = len(code.matrix) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path stroke="{CODE_INK}" d="{"".join(strokes)}"/></svg>'
    )


def _figure(document: InvoiceDocument, minor: int, language: str) -> str:
    return figure_of(Money(minor, document.currency), language)


def amount_of(document: InvoiceDocument, minor: int, language: str) -> str:
    """Return an amount in the currency of the paper, as the language writes it."""
    return spell_amount(Money(minor, document.currency), language)
