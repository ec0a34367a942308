"""A bill of ours as an electronic invoice, from its rows, which never change."""

from datetime import date

from chancery.domain.billing.electronic import (
    CREDIT_NOTE,
    INVOICE,
    ElectronicInvoice,
    Line,
    Party,
    problems,
    vat_totals,
)
from chancery.domain.billing.models import BillingParty, Invoice, InvoiceLine
from chancery.domain.billing.states import InvoiceKind
from chancery.foundation.country_codes import two_letter_code

KINDS = {InvoiceKind.INVOICE: INVOICE, InvoiceKind.CREDIT_NOTE: CREDIT_NOTE}


def is_electronic(invoice: Invoice) -> bool:
    """Tell whether a bill has an electronic form: those of ours have, payment requests and their corrections not."""
    corrected = invoice.corrects
    return invoice.kind in KINDS and (corrected is None or corrected.kind == InvoiceKind.INVOICE)


def unreadable_fields(invoice: Invoice) -> tuple[str, ...]:
    """Return each field for which a receiving system would refuse the bill; none where it has no electronic form."""
    return problems(electronic_of(invoice)) if is_electronic(invoice) else ()


def electronic_of(invoice: Invoice) -> ElectronicInvoice:
    """Return the bill in the words of EN 16931; two queries beside those for the invoice, its party and document.

    It says what its paper says, from the same frozen facts, whatever was paid or moved since. What had been paid when
    it was issued is in them; a bill without a due day was paid in full by then.

    :raises LookupError: when it has no paper.
    """
    if invoice.document is None:
        raise LookupError(f"{invoice.number} has no paper")
    facts = invoice.document.facts
    due_on = date.fromisoformat(facts["due_on"]) if facts["due_on"] else None
    lines = [(_line(row), row.vat_minor) for row in invoice.lines.order_by("position")]
    issuer, corrected = invoice.issuer, invoice.corrects
    return ElectronicInvoice(
        number=invoice.number,
        kind=KINDS[InvoiceKind(invoice.kind)],
        issued_on=invoice.issued_on,
        due_on=due_on,
        delivered_on=date.fromisoformat(facts["course_until"]),
        currency=invoice.currency,
        seller=_seller(issuer),
        buyer=_buyer(invoice.party),
        buyer_reference=invoice.party.buyer_reference,
        purchase_order=invoice.party.purchase_order,
        terms=invoice.creditor_reference,
        payment_reference=invoice.creditor_reference,
        iban=issuer["iban"],
        bic=issuer["bic"],
        beneficiary=issuer["beneficiary"],
        lines=tuple(line for line, _ in lines),
        vat=vat_totals(lines),
        paid_minor=facts.get("paid_minor", 0) if due_on or corrected else invoice.total_minor,
        corrects=(corrected.number, corrected.issued_on) if corrected else None,
    )


def _line(row: InvoiceLine) -> Line:
    return Line(
        position=row.position,
        text=row.text,
        category=row.vat_category,
        rate=row.vat_rate,
        exemption_code=row.exemption_code,
        net_minor=row.net_minor,
    )


def _seller(issuer: dict[str, str]) -> Party:
    return Party(
        name=issuer["legal_name"],
        address=_address(issuer["address"]),
        town="",
        postcode="",
        country=two_letter_code(issuer.get("country", "")),
        vat_id=issuer["tax_id"],
        electronic_address=issuer.get("contact", ""),
    )


def _buyer(party: BillingParty) -> Party:
    return Party(
        name=party.legal_name,
        address=_address(party.address),
        town=party.town,
        postcode=party.postcode,
        country=two_letter_code(party.country),
        vat_id=party.tax_id,
        electronic_address=party.email,
    )


def _address(text: str) -> tuple[str, ...]:
    """Return at most three lines: the standard has no more."""
    lines = [line.strip() for line in text.replace("\n", ",").split(",") if line.strip()]
    return (*lines[:2], ", ".join(lines[2:])) if len(lines) > 3 else tuple(lines)
