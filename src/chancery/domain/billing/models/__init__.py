"""What is owed and why, what the bank says, and which money belongs to which invoice.

Figures are written once. What changes (how much of an invoice is paid, of an entry is used) stands in balance rows
that carry the checks; every change of a balance is an allocation row.
"""

from chancery.domain.billing.models.bank import (
    BankAccount,
    BankEntry,
    BatchItem,
    EntryBalance,
    EntryConflict,
    EntryCorrection,
    FeedChange,
    Statement,
    StatementFile,
    StatementMapping,
    Suggestion,
)
from chancery.domain.billing.models.bills import (
    ExternalInvoice,
    Invoice,
    InvoiceBalance,
    InvoiceLine,
    LineCredit,
    ProForma,
    ProofOfTransfer,
    Series,
)
from chancery.domain.billing.models.moves import Allocation, EntryCost, EntryReturn, WriteOff
from chancery.domain.billing.models.quotes import BillingParty, FeeException, Quote, QuoteLine
from chancery.domain.billing.models.refunds import HoldRelease, Refund, RefundBatch, SetOff

__all__ = [
    "Allocation",
    "BankAccount",
    "BankEntry",
    "BatchItem",
    "BillingParty",
    "EntryBalance",
    "EntryConflict",
    "EntryCorrection",
    "EntryCost",
    "EntryReturn",
    "ExternalInvoice",
    "FeeException",
    "FeedChange",
    "HoldRelease",
    "Invoice",
    "InvoiceBalance",
    "InvoiceLine",
    "LineCredit",
    "ProForma",
    "ProofOfTransfer",
    "Quote",
    "QuoteLine",
    "Refund",
    "RefundBatch",
    "Series",
    "SetOff",
    "Statement",
    "StatementFile",
    "StatementMapping",
    "Suggestion",
    "WriteOff",
]
