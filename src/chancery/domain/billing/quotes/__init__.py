"""What a place costs and why (promises B3, B4, B5): facts in, lines that add up out."""

from chancery.domain.billing.quotes.facts import (
    INCOME_CLASSES,
    InvalidQuoteFacts,
    LineReason,
    LookedAt,
    NotApplied,
    OfficerFee,
    OfficerReason,
    QuoteAnswer,
    QuoteFacts,
    QuoteLine,
    WhatIf,
)
from chancery.domain.billing.quotes.quoting import quote_fee

__all__ = [
    "INCOME_CLASSES",
    "InvalidQuoteFacts",
    "LineReason",
    "LookedAt",
    "NotApplied",
    "OfficerFee",
    "OfficerReason",
    "QuoteAnswer",
    "QuoteFacts",
    "QuoteLine",
    "WhatIf",
    "quote_fee",
]
