"""A bill that follows another: a credit note over it, or one over what is kept of it; same payer, same issuer."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.documents import InvoiceDocument
from chancery.domain.billing.models import Invoice, Series
from chancery.domain.billing.queries.electronic import unreadable_fields
from chancery.domain.billing.services.paper import request_paper
from chancery.domain.billing.states import InvoiceKind
from chancery.foundation.documents.facts import thaw
from chancery.foundation.ruling import Refused, refusal


class CreditNotPossible(Refused):
    """The line was credited before, nothing is to be credited, or more money stands on the bill than would be left."""


def paper_of(invoice: Invoice) -> InvoiceDocument:
    """Return what the paper of a bill says.

    :raises CreditNotPossible: when it has none.
    """
    if invoice.document is None:
        raise CreditNotPossible(refusal("no_paper"), f"{invoice.number} has no paper to correct")
    return thaw(InvoiceDocument, invoice.document.facts)


@transaction.atomic
def write_following(
    invoice: Invoice,
    *,
    series: Series,
    paper: InvoiceDocument,
    kind: InvoiceKind,
    corrects: Invoice | None,
    now: datetime,
) -> Invoice:
    """Write the row of a bill that follows another one, with the number that its paper carries and no due day."""
    return Invoice.objects.create(
        series=series,
        sequence=series.last_number,
        number=paper.number,
        kind=kind,
        edition=invoice.edition,
        party=invoice.party,
        corrects=corrects,
        issuer=invoice.issuer,
        issued_on=paper.issued_on,
        due_on=None,
        creditor_reference=paper.reference,
        currency=invoice.currency,
        net_minor=paper.net_minor,
        vat_minor=paper.vat_minor,
        total_minor=paper.total_minor,
        document=request_paper(paper, paper.number, invoice.party.language, now),
        issued_at=now,
    )


def refuse_unreadable(bill: Invoice) -> None:
    """Refuse a bill that a public body's accounting would not take; the number goes back with the transaction.

    :raises CreditNotPossible: naming each field.
    """
    lacks = unreadable_fields(bill)
    if lacks:
        raise CreditNotPossible(refusal(*lacks), f"an e-invoice would be refused for: {', '.join(lacks)}")
