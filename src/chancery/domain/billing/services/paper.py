"""What the paper of a bill says, in the payer's language, before it is frozen."""

from collections.abc import Sequence
from datetime import date
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from chancery.domain.billing.documents import (
    Beneficiary,
    Buyer,
    Conditions,
    FeeLine,
    InvoiceDocument,
    ParticipantFee,
    PrintedKind,
    Seller,
    VatLine,
)
from chancery.domain.billing.models import BillingParty, Quote
from chancery.domain.billing.queries.issuing import BillingFacts
from chancery.domain.billing.states import InvoiceKind
from chancery.domain.billing.words import line_words
from chancery.domain.network.models import Country
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import TermsRule, last_refundable_instant
from chancery.domain.programme.readers.edition_file import IssuerFacts
from chancery.foundation.documents.spelling import address_lines
from chancery.foundation.figures import share_in_percent

PRINTED = {
    InvoiceKind.INVOICE: PrintedKind.INVOICE,
    InvoiceKind.REQUEST: PrintedKind.PAYMENT_REQUEST,
}
WITHDRAWAL_DAYS = 14  # Directive 2011/83/EU for a natural person who pays privately; see docs on law


def invoice_document(
    *,
    kind: InvoiceKind,
    number: str,
    reference: str,
    edition: Edition,
    party: BillingParty,
    facts: BillingFacts,
    terms: TermsRule,
    quotes: Sequence[Quote],
    net_minor: int,
    vat_minor: int,
    issued_on: date,
    due_on: date,
) -> InvoiceDocument:
    """Return the facts of the paper."""
    with override(party.language):
        return InvoiceDocument(
            kind=PRINTED[kind],
            number=number,
            course=facts.course,
            course_from=edition.starts_on,
            course_until=edition.ends_on,
            course_place=edition.place,
            dates_provisional=edition.provisional,
            seller=_seller(facts.issuer),
            buyer=_buyer(party),
            participants=tuple(_participant(quote) for quote in quotes),
            vat=(_vat(facts.issuer, net_minor, vat_minor, party.language),),
            currency=terms.currency,
            issued_on=issued_on,
            due_on=due_on,
            reference=reference,
            beneficiary=_beneficiary(facts),
            conditions=_conditions(edition, party, terms),
            demo_amounts=terms.demo,
        )


def line_text(quote: Quote, course: str, language: str) -> str:
    """Return what an invoice line is for."""
    person = quote.application.person
    with override(language):
        return (_("%(course)s: place of %(person)s") % {"course": course, "person": person.name})[:300]


def _seller(issuer: IssuerFacts) -> Seller:
    contact = issuer.contact or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Seller(issuer.legal_name, issuer.tax_id, address_lines(issuer.address), contact)


def _buyer(party: BillingParty) -> Buyer:
    country = Country.objects.filter(iso3=party.country).first()
    town = " ".join(filter(None, (party.postcode, party.town)))
    lines = (*address_lines(party.address), town, country.name if country else party.country)
    return Buyer(
        legal_name=party.legal_name,
        address=tuple(line for line in lines if line),
        tax_id=party.tax_id,
        buyer_reference=party.buyer_reference,
        purchase_order=party.purchase_order,
    )


def _participant(quote: Quote) -> ParticipantFee:
    person = quote.application.person
    lines = quote.lines.order_by("position")
    return ParticipantFee(
        name=person.name,
        latin_name=person.latin_name,
        lines=tuple(FeeLine(line_words(line.reason), line.amount_minor) for line in lines),
    )


def _vat(issuer: IssuerFacts, net_minor: int, vat_minor: int, language: str) -> VatLine:
    if vat_minor:
        label = _("VAT %(rate)s") % {"rate": share_in_percent(issuer.vat_rate / 100, language)}
        return VatLine(label, net_minor, vat_minor)
    return VatLine(_("No VAT is charged"), net_minor, 0, issuer.exemption_code)


def _beneficiary(facts: BillingFacts) -> Beneficiary:
    payment = facts.payment
    return Beneficiary(payment.beneficiary, facts.iban, payment.bic, payment.bank, payment.address)


def _conditions(edition: Edition, party: BillingParty, terms: TermsRule) -> Conditions:
    return Conditions(
        last_refundable_at=last_refundable_instant(edition.starts_on, terms, ZoneInfo(edition.time_zone)),
        clock_place=edition.place,
        refund_share=terms.refund_rate,
        refund_within_days=terms.refund_within_days,
        free_exit_days=terms.free_exit_days,
        withdrawal_days=WITHDRAWAL_DAYS if party.kind == "person" else None,
    )
