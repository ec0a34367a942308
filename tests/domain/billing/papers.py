"""Invoices to print, for tests; every value can be replaced by name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chancery.domain.billing.documents import (
    Beneficiary,
    Buyer,
    Conditions,
    FeeLine,
    InvoiceDocument,
    ParticipantFee,
    PrintedKind,
    Seller,
    VatLine,
)

ISSUED_AT = datetime(2024, 10, 11, 9, 0, tzinfo=UTC)

TERMS = Conditions(
    last_refundable_at=datetime(2024, 10, 18, 23, 59, 59, tzinfo=ZoneInfo("Europe/Madrid")),
    clock_place="Barcelona",
    refund_share=Decimal("0.75"),
    refund_within_days=30,
    free_exit_days=14,
)

ACCRA = InvoiceDocument(
    kind=PrintedKind.INVOICE,
    number="M2-2024-0014",
    course="Metropolis Diploma in Internationalization for Local Authorities, 2nd edition",
    course_from=date(2024, 11, 18),
    course_until=date(2024, 11, 22),
    course_place="Barcelona",
    dates_provisional=True,
    seller=Seller(
        legal_name="Diploma Office (demonstration)",
        tax_id="ESG00000000",
        address=("Carrer de la Rosa dels Vents 8", "08002 Barcelona", "Spain"),
        contact="finance@diploma.example",
    ),
    buyer=Buyer(
        legal_name="Accra Metropolitan Assembly",
        address=("Finance Department", "P.O. Box GP 385", "Accra", "Ghana"),
        tax_id="GHA-C0003268953",
        purchase_order="PO 2024/1187",
    ),
    participants=(
        ParticipantFee(
            name="Efua Seabreeze",
            latin_name="Efua Seabreeze",
            lines=(FeeLine("Member rate: Accra is a member city, contributions of 2023 paid", 100_000),),
        ),
    ),
    vat=(VatLine("Exempt from VAT", 100_000, 0, note="Training, article 20.One.9 of the Spanish VAT act (37/1992)"),),
    currency="EUR",
    issued_on=date(2024, 10, 11),
    due_on=date(2024, 11, 4),
    reference="RF40M220240014",
    beneficiary=Beneficiary(
        name="Diploma Office (demonstration)",
        iban="ES9121000418450200051332",
        bic="CAIXESBBXXX",
        bank="Demonstration Bank",
        bank_address="Carrer Major 1, 08002 Barcelona",
    ),
    conditions=TERMS,
    demo_amounts=True,
)

GROUP_LINES = (
    FeeLine("Member rate: Medellín is a member city, contributions of 2023 paid", 100_000),
    FeeLine("Group of two, 10 %", -10_000),
)


def invoice(**changes: Any) -> InvoiceDocument:
    """Return the invoice of Accra with some of its facts replaced."""
    return replace(ACCRA, **changes)


def invoice_for(name: str, latin: str = "") -> InvoiceDocument:
    """Return an invoice for one participant of this name."""
    return invoice(participants=(ParticipantFee(name, latin or name, ACCRA.participants[0].lines),))


def group_invoice() -> InvoiceDocument:
    """Return an invoice for two people whose fee has two reasons each, with VAT."""
    people = (("Andrés Terral", "Andrés Terral"), ("Valentina Alisio", "Valentina Alisio"))
    return invoice(
        buyer=Buyer(
            legal_name="Distrito Especial de Ciencia, Tecnología e Innovación de Medellín",
            address=("Calle 44 # 52-165", "Medellín", "Colombia"),
            tax_id="890905211-1",
            buyer_reference="Subsecretaría de Cooperación",
        ),
        participants=tuple(ParticipantFee(name, latin, GROUP_LINES) for name, latin in people),
        vat=(VatLine("VAT 21 %", 180_000, 37_800),),
    )


def credit_note() -> InvoiceDocument:
    """Return the credit note that takes the invoice of Accra back."""
    return invoice(
        kind=PrintedKind.CREDIT_NOTE,
        number="M2-R-2024-0001",
        corrects="M2-2024-0014",
        correction_reason="issued to another billing party",
        due_on=None,
    )
