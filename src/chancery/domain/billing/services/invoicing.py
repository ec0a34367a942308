"""Issue a bill: check that nothing is missing, take the next number, and freeze what the paper says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from chancery.domain.billing.documents import InvoiceDocument, unprintable_in
from chancery.domain.billing.fiscal import FiscalRegime, regime_for
from chancery.domain.billing.mails import invoice_mails
from chancery.domain.billing.models import BillingParty, Invoice, InvoiceBalance, InvoiceLine, Quote
from chancery.domain.billing.policies.sharing import BilledShare
from chancery.domain.billing.queries.electronic import unreadable_fields
from chancery.domain.billing.queries.issuing import BillingFacts, billing_facts
from chancery.domain.billing.references import creditor_reference
from chancery.domain.billing.services.numbering import next_number
from chancery.domain.billing.services.paper import invoice_document, line_text, participant_fee, request_paper
from chancery.domain.billing.states import InvoiceKind
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import InvoiceWhen, TermsRule, invoice_due_on, terms_from_json
from chancery.domain.programme.readers.edition_file import IssuerFacts
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.mail.services import Mail, queue_mail
from chancery.foundation.money import share_of
from chancery.foundation.ruling import Refused, refusal

UNPRINTABLE = "unprintable"
NUMBER_TO_COME = "X-0000-0000"


class InvoiceDataMissing(Refused):
    """A mandatory field is blank or cannot be printed; the reasons name each field. No number was taken."""


class NothingToBill(Refused):
    """A fee of zero, or one that an officer still decides, is never billed (promise B3)."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One place on the bill, in minor units."""

    quote: Quote
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class _Bill:
    """Everything that is known before a number is taken."""

    edition: Edition
    party: BillingParty
    lines: tuple[_Line, ...]
    facts: BillingFacts
    terms: TermsRule
    regime: FiscalRegime
    issued_on: date
    due_on: date
    share: BilledShare | None
    paid_minor: int

    @property
    def net_minor(self) -> int:
        return sum(line.net_minor for line in self.lines)

    @property
    def vat_minor(self) -> int:
        return sum(line.vat_minor for line in self.lines)


@transaction.atomic
def issue_invoice(
    *,
    edition: Edition,
    party: BillingParty,
    quotes: Sequence[Quote],
    share: BilledShare | None = None,
    paid_minor: int = 0,
    actor: Actor,
    now: datetime,
) -> Invoice:
    """Issue one bill over the quotes, a line each; number, row, paper and mail stand or fall together.

    ``paid_minor`` is what of it is paid already, by money of the bill that it takes the place of; the row keeps its
    due day for the case that this money is taken back. ``share`` is what the payer owes of the fee of the one quote,
    where another payer owes the rest.

    :raises InvoiceDataMissing: when issuer, account or payer lack what the paper must say.
    :raises NothingToBill: when a quote has no fee or a fee of zero.
    """
    bill = _bill(edition, party, quotes, share, paid_minor, now)
    paper = _checked_paper(bill)

    series, number = next_number(code=bill.regime.series(edition.reference_prefix), year=bill.issued_on.year)
    paper = replace(paper, number=number, reference=creditor_reference(number))

    invoice = Invoice.objects.create(
        series=series,
        sequence=series.last_number,
        number=number,
        kind=bill.regime.kind,
        edition=edition,
        party=party,
        issuer=_issuer_json(bill.facts),
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        creditor_reference=paper.reference,
        currency=bill.terms.currency,
        net_minor=bill.net_minor,
        vat_minor=bill.vat_minor,
        total_minor=bill.net_minor + bill.vat_minor,
        document=request_paper(paper, number, party.language, now),
        issued_at=now,
    )
    InvoiceLine.objects.bulk_create(_line_rows(bill, invoice))
    _refuse_unreadable(invoice)
    InvoiceBalance.objects.create(invoice=invoice, total_minor=invoice.total_minor)
    record(
        Event.INVOICE_ISSUED,
        actor=actor,
        subject=invoice,
        now=now,
        facts={"number": number, "total_minor": invoice.total_minor, "currency": invoice.currency},
    )
    for mail in _mails(invoice, bill):
        queue_mail(mail, now=now)
    return invoice


def refuse_unprintable(paper: InvoiceDocument) -> None:
    """Refuse a paper that no font of ours can print, and name the signs.

    :raises InvoiceDataMissing: ``unprintable``, about these signs.
    """
    signs = unprintable_in(paper)
    if signs:
        raise InvoiceDataMissing(refusal(UNPRINTABLE), f"no font of ours has these signs: {signs}", " ".join(signs))


def refuse_incomplete(missing: Sequence[str]) -> None:
    """Refuse to write a paper while fields are blank that it must say.

    :raises InvoiceDataMissing: naming each field.
    """
    if missing:
        raise InvoiceDataMissing(refusal(*missing), f"missing: {', '.join(missing)}")


def _mails(invoice: Invoice, bill: _Bill) -> list[Mail]:
    people = [line.quote.application.person for line in bill.lines]
    return invoice_mails(invoice, people=people, paid_minor=bill.paid_minor)


def _bill(
    edition: Edition,
    party: BillingParty,
    quotes: Sequence[Quote],
    share: BilledShare | None,
    paid_minor: int,
    now: datetime,
) -> _Bill:
    if not quotes or any(not quote.fee_minor for quote in quotes):
        raise NothingToBill(refusal("nothing_to_bill"))
    facts = billing_facts(edition)
    terms = terms_from_json(quotes[0].terms.rule)
    regime = regime_for(facts.issuer.fiscal_regime)
    if terms.invoice_when is InvoiceWhen.PAYMENT and regime.kind == InvoiceKind.INVOICE:
        raise InvoiceDataMissing(refusal("invoice.when"), "an invoice after payment needs the external regime")
    issued_on = now.astimezone(ZoneInfo(edition.time_zone)).date()
    return _Bill(
        edition=edition,
        party=party,
        lines=tuple(_line(quote, share, facts.issuer) for quote in quotes),
        facts=facts,
        terms=terms,
        regime=regime,
        issued_on=issued_on,
        due_on=invoice_due_on(issued_on, edition.starts_on, terms),
        share=share,
        paid_minor=paid_minor,
    )


def _line(quote: Quote, share: BilledShare | None, issuer: IssuerFacts) -> _Line:
    net = share.net_minor if share else quote.fee_minor or 0
    return _Line(quote, net, share_of(net, issuer.vat_rate / 100))


def _checked_paper(bill: _Bill) -> InvoiceDocument:
    refuse_incomplete(_missing(bill))
    paper = invoice_document(
        kind=bill.regime.kind,
        number=NUMBER_TO_COME,
        reference=creditor_reference(NUMBER_TO_COME),
        edition=bill.edition,
        party=bill.party,
        facts=bill.facts,
        terms=bill.terms,
        participants=[participant_fee(line.quote, bill.share, bill.party.language) for line in bill.lines],
        share=bill.share,
        net_minor=bill.net_minor,
        vat_minor=bill.vat_minor,
        paid_minor=bill.paid_minor,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
    )
    refuse_unprintable(paper)
    return paper


def _missing(bill: _Bill) -> tuple[str, ...]:
    issuer, payment, party = bill.facts.issuer, bill.facts.payment, bill.party
    needed = {
        "programme.name": bill.facts.course,
        "issuer.legal_name": issuer.legal_name,
        "issuer.address": issuer.address,
        "payment.beneficiary": payment.beneficiary,
        "payment.iban": payment.iban,
        "party.legal_name": party.legal_name,
        "party.address": party.address,
        "party.country": party.country,
        "party.email": party.email,
    }
    blank = tuple(name for name, value in needed.items() if not value.strip())
    return blank + bill.regime.missing(issuer.tax_id, issuer.vat_category)


def _refuse_unreadable(invoice: Invoice) -> None:
    """Refuse a bill that a public body's accounting would not take; the number goes back with the transaction."""
    lacks = unreadable_fields(invoice)
    if lacks:
        raise InvoiceDataMissing(refusal(*lacks), f"an e-invoice would be refused for: {', '.join(lacks)}")


def _line_rows(bill: _Bill, invoice: Invoice) -> list[InvoiceLine]:
    issuer = bill.facts.issuer
    return [
        InvoiceLine(
            invoice=invoice,
            position=position,
            quote=line.quote,
            text=line_text(line.quote, bill.facts.course, bill.party.language),
            vat_category=issuer.vat_category,
            vat_rate=issuer.vat_rate,
            exemption_code=issuer.exemption_code,
            net_minor=line.net_minor,
            vat_minor=line.vat_minor,
            gross_minor=line.net_minor + line.vat_minor,
        )
        for position, line in enumerate(bill.lines, start=1)
    ]


def _issuer_json(facts: BillingFacts) -> dict[str, Any]:
    issuer, payment = facts.issuer, facts.payment
    return {
        "legal_name": issuer.legal_name,
        "tax_id": issuer.tax_id,
        "address": issuer.address,
        "country": issuer.country,
        "contact": issuer.contact or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "beneficiary": payment.beneficiary,
        "iban": facts.iban,
        "bic": payment.bic,
        "bank": payment.bank,
        "bank_address": payment.address,
    }
