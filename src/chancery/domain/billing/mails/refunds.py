"""Money goes back: whoever paid and whoever had the place read each step."""

import re
from enum import StrEnum

from chancery.domain.billing.mails.bills import readers_of
from chancery.domain.billing.models import Refund
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.spelling import spell_amount, spell_day
from chancery.foundation.mail.rendering import link, reader_mark
from chancery.foundation.mail.services import Mail, open_thread
from chancery.foundation.money import Money

SHOWN_OF_AN_ACCOUNT = 4


class RefundStep(StrEnum):
    """What has happened to a refund: kinds of mail."""

    APPROVED = "billing/refund_approved"
    SENT = "billing/refund_sent"
    ACCOUNT_WANTED = "billing/refund_account_wanted"
    CAME_BACK = "billing/refund_came_back"


def refund_mails(refund: Refund, step: RefundStep) -> list[Mail]:
    """Return the letters of one step; none for money that belonged to no bill."""
    note = refund.credit_note
    if note is None:
        return []
    people = Person.objects.filter(applications__quotes__invoice_lines__invoice=note).distinct().order_by("pk")
    return [_mail(refund, step, to=to, language=language) for to, language in readers_of(note, people)]


def _mail(refund: Refund, step: RefundStep, *, to: str, language: str) -> Mail:
    note = refund.credit_note
    if note is None or note.corrects is None:
        raise LookupError("a letter about a refund names the credit note that it rests on")
    left_on = refund.debit.booking_date if refund.debit else None
    return edition_mail(
        note.edition,
        step,
        about=ref(refund),
        to=to,
        language=language,
        dedupe_key=f"{step}:{refund.pk}:{refund.approved_for[:12]}:{reader_mark(to)}",
        thread=open_thread(about=ref(note), purpose="finance"),
        context={
            "amount": spell_amount(Money(refund.amount_minor, refund.currency), language),
            "number": note.number,
            "corrects": note.corrects.number,
            "name": refund.name,
            "account_end": _end_of_account(refund),
            "due": spell_day(refund.due_on, language),
            "left_on": spell_day(left_on, language) if left_on else "",
            "link": link("pay-invoice", payer_token(note.corrects.number)),
        },
    )


def _end_of_account(refund: Refund) -> str:
    """Return the last signs of the account: of its IBAN, else of the longest number in what is written by hand."""
    numbers = re.findall(r"[0-9]+", refund.by_hand)
    account = refund.iban or max(numbers, key=len, default=refund.by_hand)
    return account[-SHOWN_OF_AN_ACCOUNT:]
