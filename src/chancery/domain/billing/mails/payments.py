"""What is due soon, what arrived, what is missing, what the bank took back; a link in place of one that has ended."""

from collections.abc import Mapping, Sequence
from datetime import date

from chancery.domain.billing.mails.bills import bill_words, readers_of
from chancery.domain.billing.models import Allocation, Invoice
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.spelling import spell_amount
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail, open_thread
from chancery.foundation.money import Money

PAYMENT_DUE = "billing/payment_due"


def part_payment_mail(invoice: Invoice, *, allocation: Allocation, open_minor: int) -> Mail:
    """Tell the payer that a part has arrived and how much is missing."""
    return _mail_about_money(
        "billing/part_payment",
        invoice,
        key=str(allocation.pk),
        came_minor=allocation.amount_minor,
        open_minor=open_minor,
    )


def payment_lost_mails(
    invoice: Invoice, *, allocation: Allocation, open_minor: int, people: Sequence[Person]
) -> list[Mail]:
    """Tell payer and participants that money which had settled the bill is gone, and that the place is not sure.

    What an officer takes off again is our correction: whoever has paid need not pay again.
    """
    kind = "billing/booking_corrected" if allocation.reverses_id else "billing/payment_lost"
    return [
        _mail_about_money(
            kind,
            invoice,
            key=f"{allocation.pk}:{number}",
            came_minor=-allocation.amount_minor,
            open_minor=open_minor,
            reader=reader,
        )
        for number, reader in enumerate(readers_of(invoice, people))
    ]


def share_paid_mails(invoice: Invoice, *, allocation: Allocation, people: Sequence[Person]) -> list[Mail]:
    """Tell payer and participants that one of two bills of a place is paid and that the place waits for the other."""
    named = ", ".join(person.name for person in people)
    return [
        _mail(
            "billing/share_paid",
            invoice,
            key=f"{allocation.pk}:{number}",
            reader=reader,
            words={**bill_words(invoice, reader[1]), "people": named},
        )
        for number, reader in enumerate(readers_of(invoice, people))
    ]


def payment_due_mail(invoice: Invoice, *, open_minor: int) -> Mail:
    """Remind the payer of what is open before the due day; once a bill."""
    return _mail_about_money(
        PAYMENT_DUE,
        invoice,
        key=str(invoice.pk),
        came_minor=invoice.balance.allocated_minor,
        open_minor=open_minor,
    )


def new_link_mail(invoice: Invoice, *, on: date) -> Mail:
    """Give the payer a link in place of one that has ended; once a day."""
    words = {"number": invoice.number}
    return _mail("billing/new_link", invoice, key=f"{invoice.pk}:{on}", reader=_payer(invoice), words=words)


def _mail_about_money(
    kind: str,
    invoice: Invoice,
    *,
    key: str,
    came_minor: int,
    open_minor: int,
    reader: tuple[str, str] | None = None,
) -> Mail:
    """Return a mail with how much came and how much is missing, to the payer unless another reader is named."""
    reader = reader or _payer(invoice)
    came, missing = (spell_amount(Money(minor, invoice.currency), reader[1]) for minor in (came_minor, open_minor))
    words = {**bill_words(invoice, reader[1]), "came": came, "missing": missing}
    return _mail(kind, invoice, key=key, reader=reader, words=words)


def _mail(kind: str, invoice: Invoice, *, key: str, reader: tuple[str, str], words: Mapping[str, str | bool]) -> Mail:
    """Return a mail about a bill to an address, in the reader's language, with the payer's page."""
    to, language = reader
    return edition_mail(
        invoice.edition,
        kind,
        about=ref(invoice),
        to=to,
        language=language,
        dedupe_key=f"{kind}:{key}",
        thread=open_thread(about=ref(invoice), purpose="finance"),
        context={**words, "link": link("pay-invoice", payer_token(invoice.number))},
    )


def _payer(invoice: Invoice) -> tuple[str, str]:
    return invoice.party.email, invoice.party.language
