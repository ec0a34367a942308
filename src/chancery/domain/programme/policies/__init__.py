"""Pure rules of the programme: the terms of taking part and the dates that follow from them."""

from chancery.domain.programme.policies.dates import (
    CLOSED,
    NOT_OPEN_YET,
    application_window,
    first_answer_due,
    invoice_due_on,
    is_refundable,
    last_refundable_instant,
    refund_cut,
    refund_due_on,
)
from chancery.domain.programme.policies.four_eyes import FourEyes, Guarded, may_finish_alone, takes_two_people
from chancery.domain.programme.policies.terms import (
    GroupScope,
    InvoiceWhen,
    OnLeaver,
    RefundBoundary,
    TermsRule,
    terms_as_json,
    terms_from_json,
)

__all__ = [
    "CLOSED",
    "NOT_OPEN_YET",
    "FourEyes",
    "GroupScope",
    "Guarded",
    "InvoiceWhen",
    "OnLeaver",
    "RefundBoundary",
    "TermsRule",
    "application_window",
    "first_answer_due",
    "invoice_due_on",
    "is_refundable",
    "last_refundable_instant",
    "may_finish_alone",
    "refund_cut",
    "refund_due_on",
    "takes_two_people",
    "terms_as_json",
    "terms_from_json",
]
