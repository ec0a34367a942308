"""Bill what is kept of a place that ended in a tax profile of its own (promise C3; decision 55)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.billing.mails import invoice_mails
from chancery.domain.billing.models import Invoice, InvoiceBalance, InvoiceLine
from chancery.domain.billing.policies import taxed_parts
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.billing.references import creditor_reference
from chancery.domain.billing.services.following import paper_of, refuse_unreadable, write_following
from chancery.domain.billing.services.numbering import next_number
from chancery.domain.billing.services.paper import kept_document, kept_text
from chancery.domain.billing.states import InvoiceKind
from chancery.domain.programme.readers.edition_file import VatProfile
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import queue_mail


def profile_apart(line: InvoiceLine) -> VatProfile | None:
    """Return how what is kept of a line is taxed where that is another way than the line's; else None.

    A payment request carries no tax: its invoice comes from the issuer's own system.
    """
    if line.invoice.kind != InvoiceKind.INVOICE:
        return None
    kept = billing_facts(line.invoice.edition).issuer.kept_vat
    return None if kept == VatProfile(line.vat_category, line.vat_rate, line.exemption_code) else kept


def profile_of_kept(line: InvoiceLine) -> VatProfile:
    """Return how what is kept of a line is taxed: in a way of its own, or as the line."""
    return profile_apart(line) or VatProfile(line.vat_category, line.vat_rate, line.exemption_code)


@transaction.atomic
def bill_kept(
    *, line: InvoiceLine, kept_minor: int, profile: VatProfile, people: Sequence[Person], actor: Actor, now: datetime
) -> Invoice:
    """Issue an invoice over what is kept, tax included, to the payer of the line; its money is to be moved onto it.

    It has no due day: what had been paid for the place pays it. Number, rows, paper and mails stand or fall together.

    :raises CreditNotPossible: when the bill would be refused by whoever receives it.
    """
    old = Invoice.objects.select_related("series", "edition", "party", "document").get(pk=line.invoice_id)
    day = local_day(now, ZoneInfo(old.edition.time_zone))
    net, vat = taxed_parts(kept_minor, profile.rate)
    paper = kept_document(paper_of(old), line.position, profile, net, vat, language=old.party.language)
    series, number = next_number(code=old.series.code, year=day.year)
    paper = replace(paper, number=number, reference=creditor_reference(number), issued_on=day)
    invoice = write_following(old, series=series, paper=paper, kind=InvoiceKind(old.kind), corrects=None, now=now)
    InvoiceLine.objects.create(
        invoice=invoice,
        position=1,
        quote=line.quote,
        text=kept_text(line.text, old.party.language),
        vat_category=profile.category,
        vat_rate=profile.rate,
        exemption_code=profile.exemption_code,
        net_minor=net,
        vat_minor=vat,
        gross_minor=kept_minor,
    )
    InvoiceBalance.objects.create(invoice=invoice, total_minor=kept_minor)
    refuse_unreadable(invoice)
    facts = {"number": number, "total_minor": kept_minor, "currency": old.currency, "kept_of": old.number}
    record(Event.INVOICE_ISSUED, actor=actor, subject=invoice, now=now, facts=facts)
    for mail in invoice_mails(invoice, people=people, paid_minor=kept_minor):
        queue_mail(mail, now=now)
    return invoice
