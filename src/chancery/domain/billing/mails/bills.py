"""The bill goes to the payer, with a copy to each participant."""

from collections.abc import Iterable, Sequence

from chancery.domain.billing.models import Invoice
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.billing.states import InvoiceKind
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.spelling import spell_amount, spell_day
from chancery.foundation.figures import in_groups_of_four
from chancery.foundation.mail.rendering import link, reader_mark
from chancery.foundation.mail.services import Mail, open_thread
from chancery.foundation.money import Money


def invoice_mails(invoice: Invoice, *, people: Sequence[Person], paid_minor: int = 0) -> list[Mail]:
    """Return the mail to the payer and the copies to participants whose address is another one.

    ``paid_minor`` is what money of an earlier bill has paid of it.
    """
    return [
        _mail(invoice, people, to=to, language=language, copy=number > 0, paid_minor=paid_minor)
        for number, (to, language) in enumerate(readers_of(invoice, people))
    ]


def readers_of(invoice: Invoice, people: Iterable[Person]) -> list[tuple[str, str]]:
    """Return address and language of whoever reads about a bill: the payer, then each person of another address."""
    readers = {invoice.party.email.lower(): (invoice.party.email, invoice.party.language)}
    for person in people:
        readers.setdefault(person.email.lower(), (person.email, person.language))
    return list(readers.values())


def credit_note_mails(note: Invoice, *, people: Sequence[Person]) -> list[Mail]:
    """Return the mail with the credit note to the payer and the copies to participants whose address is another one."""
    return [_credit_note_mail(note, people, to=to, language=language) for to, language in readers_of(note, people)]


def _credit_note_mail(note: Invoice, people: Sequence[Person], *, to: str, language: str) -> Mail:
    about = ref(note)
    if note.corrects is None or note.document_id is None:
        raise LookupError(f"{note.number} is no credit note with a paper")
    return edition_mail(
        note.edition,
        "billing/credit_note",
        about=about,
        to=to,
        language=language,
        dedupe_key=f"billing/credit_note:{note.pk}:{reader_mark(to)}",
        thread=open_thread(about=about, purpose="finance"),
        document_ids=(note.document_id,),
        context={
            "number": note.number,
            "corrects": note.corrects.number,
            "is_request": note.corrects.kind == InvoiceKind.REQUEST,
            "amount": spell_amount(Money(note.total_minor, note.currency), language),
            "people": ", ".join(person.name for person in people),
            "issuer": note.issuer["legal_name"],
            "link": link("pay-invoice", payer_token(note.corrects.number)),
        },
    )


def _mail(invoice: Invoice, people: Sequence[Person], *, to: str, language: str, copy: bool, paid_minor: int) -> Mail:
    about, left_minor = ref(invoice), invoice.total_minor - paid_minor
    return edition_mail(
        invoice.edition,
        "billing/invoice",
        about=about,
        to=to,
        language=language,
        dedupe_key=f"billing/invoice:{invoice.pk}:{reader_mark(to)}",
        thread=open_thread(about=about, purpose="finance"),
        document_ids=(invoice.document_id,) if invoice.document_id else (),
        context={
            **bill_words(invoice, language),
            "copy": copy,
            "settled": left_minor <= 0,
            "paid": spell_amount(Money(paid_minor, invoice.currency), language) if paid_minor else "",
            "left": spell_amount(Money(left_minor, invoice.currency), language),
            "people": ", ".join(person.name for person in people),
            "link": link("pay-invoice", payer_token(invoice.number)),
        },
    )


def bill_words(invoice: Invoice, language: str) -> dict[str, str | bool]:
    """Return what every mail about a bill says: number, sum, due day, account and reference."""
    return {
        "number": invoice.number,
        "is_request": invoice.kind == InvoiceKind.REQUEST,
        "amount": spell_amount(Money(invoice.total_minor, invoice.currency), language),
        "due": spell_day(invoice.due_on, language) if invoice.due_on else "",
        "beneficiary": invoice.issuer["beneficiary"],
        "iban": in_groups_of_four(invoice.issuer["iban"]),
        "bic": invoice.issuer["bic"],
        "reference": in_groups_of_four(invoice.creditor_reference),
        "issuer": invoice.issuer["legal_name"],
    }
