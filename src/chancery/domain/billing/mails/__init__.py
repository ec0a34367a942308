"""Mails about money: the bill, what arrived, what is missing, what the bank took back, what goes back."""

from chancery.domain.billing.mails.bills import credit_note_mails, invoice_mails
from chancery.domain.billing.mails.payments import (
    new_link_mail,
    part_payment_mail,
    payment_due_mail,
    payment_lost_mails,
    share_paid_mails,
)
from chancery.domain.billing.mails.refunds import RefundStep, money_gone_mails, refund_mails, set_off_mails

__all__ = [
    "RefundStep",
    "credit_note_mails",
    "invoice_mails",
    "money_gone_mails",
    "new_link_mail",
    "part_payment_mail",
    "payment_due_mail",
    "payment_lost_mails",
    "refund_mails",
    "set_off_mails",
    "share_paid_mails",
]
