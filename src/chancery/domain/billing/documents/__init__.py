"""Papers of the billing room: what is sent to whoever pays."""

from chancery.domain.billing.documents.invoice import (
    Beneficiary,
    Buyer,
    Conditions,
    FeeLine,
    InvoiceDocument,
    ParticipantFee,
    PrintedKind,
    Seller,
    VatLine,
    unprintable_in,
)
from chancery.domain.billing.documents.invoice_sheet import render_invoice

__all__ = [
    "Beneficiary",
    "Buyer",
    "Conditions",
    "FeeLine",
    "InvoiceDocument",
    "ParticipantFee",
    "PrintedKind",
    "Seller",
    "VatLine",
    "render_invoice",
    "unprintable_in",
]
