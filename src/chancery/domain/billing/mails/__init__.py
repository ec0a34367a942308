"""Mails about money: the bill, what arrived, what is missing, what the bank took back."""

from chancery.domain.billing.mails.bills import invoice_mails
from chancery.domain.billing.mails.payments import part_payment_mail, payment_due_mail, payment_lost_mail

__all__ = ["invoice_mails", "part_payment_mail", "payment_due_mail", "payment_lost_mail"]
