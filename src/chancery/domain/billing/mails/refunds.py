"""Money goes back: whoever paid and whoever had the place read each step."""

import re
from datetime import date
from enum import StrEnum

from chancery.domain.billing.mails.bills import readers_of
from chancery.domain.billing.models import Refund, SetOff
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.spelling import spell_amount, spell_day
from chancery.foundation.mail.rendering import link, reader_mark
from chancery.foundation.mail.services import Mail, open_thread
from chancery.foundation.money import Money

SHOWN_OF_AN_ACCOUNT = 4
SET_OFF, MONEY_GONE = "billing/refund_set_off", "billing/refund_money_gone"


class RefundStep(StrEnum):
    """What has happened to a refund: kinds of mail."""

    APPROVED = "billing/refund_approved"
    SENT = "billing/refund_sent"
    NOT_SENT = "billing/refund_not_sent"
    ACCOUNT_WANTED = "billing/refund_account_wanted"
    CAME_BACK = "billing/refund_came_back"
    NOT_BACK = "billing/refund_not_back"
    WITHDRAWN = "billing/refund_withdrawn"


def refund_mails(refund: Refund, step: RefundStep, *, mark: str = "") -> list[Mail]:
    """Return the letters of one step; none for money that belonged to no bill.

    ``mark`` tells two letters of one step apart that say it a second time.
    """
    left_on = refund.debit.booking_date if refund.debit else None
    line = {RefundStep.SENT: refund.debit_id, RefundStep.CAME_BACK: refund.came_back_id}.get(step)
    mark = mark or (f"line {line}" if line else refund.approved_for[:12])
    return _mails(refund, step, mark=mark, left_on=left_on)


def set_off_mails(row: SetOff, *, rest_minor: int) -> list[Mail]:
    """Say that money of a refund pays a bill instead, and what of it is still promised back, in minor units."""
    return _mails(row.refund, SET_OFF, mark=f"row {row.pk}", set_off=row, rest_minor=rest_minor)


def money_gone_mails(row: SetOff, *, rest_minor: int) -> list[Mail]:
    """Say that our bank took money of a refund back from us, and what of it is still promised, in minor units."""
    return _mails(row.refund, MONEY_GONE, mark=f"row {row.pk}", set_off=row, rest_minor=rest_minor)


def _mails(
    refund: Refund,
    kind: str,
    *,
    mark: str,
    left_on: date | None = None,
    set_off: SetOff | None = None,
    rest_minor: int = 0,
) -> list[Mail]:
    note = refund.credit_note
    if note is None:
        return []
    if note.corrects is None:
        raise LookupError("a letter about a refund names the credit note that it rests on")
    people = Person.objects.filter(applications__quotes__invoice_lines__invoice=note).distinct().order_by("pk")
    corrects = note.corrects.number
    return [
        edition_mail(
            note.edition,
            kind,
            about=ref(refund),
            to=to,
            language=language,
            dedupe_key=f"{kind}:{refund.pk}:{mark}:{reader_mark(to)}",
            thread=open_thread(about=ref(note), purpose="finance"),
            context={
                "amount": _spell(set_off.amount_minor if set_off else refund.amount_minor, refund, language),
                "number": note.number,
                "corrects": corrects,
                "name": refund.name,
                "account_end": _end_of_account(refund),
                "due": spell_day(refund.due_on, language),
                "left_on": spell_day(left_on, language) if left_on else "",
                "pays": set_off.allocation.invoice.number if set_off and set_off.allocation else "",
                "rest": _spell(rest_minor, refund, language) if rest_minor else "",
                "link": link("pay-invoice", payer_token(corrects)),
            },
        )
        for to, language in readers_of(note, people)
    ]


def _spell(minor: int, refund: Refund, language: str) -> str:
    return spell_amount(Money(minor, refund.currency), language)


def _end_of_account(refund: Refund) -> str:
    """Return the last signs of the account: of its IBAN, else of the longest number in what is written by hand."""
    numbers = re.findall(r"[0-9]+", refund.by_hand)
    account = refund.iban or max(numbers, key=len, default=refund.by_hand)
    return account[-SHOWN_OF_AN_ACCOUNT:]
