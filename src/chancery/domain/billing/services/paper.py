"""What the paper of a bill says, in the payer's language, before it is frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
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
from chancery.domain.billing.models import BillingParty, Invoice, Quote
from chancery.domain.billing.policies.sharing import BilledShare
from chancery.domain.billing.queries.issuing import BillingFacts
from chancery.domain.billing.queries.payers import Payer
from chancery.domain.billing.states import CreditReason, InvoiceKind
from chancery.domain.billing.words import credit_words, line_words
from chancery.domain.network.models import Country
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import TermsRule, last_refundable_instant
from chancery.domain.programme.readers.edition_file import IssuerFacts, VatProfile
from chancery.foundation.audit.refs import Ref
from chancery.foundation.countries import country_name
from chancery.foundation.documents.facts import freeze
from chancery.foundation.documents.models import Document
from chancery.foundation.documents.services import request_document
from chancery.foundation.documents.spelling import address_lines
from chancery.foundation.figures import share_in_percent
from chancery.foundation.money import share_of

DOCUMENT_KIND = "billing/invoice"
PRINTED = {
    InvoiceKind.INVOICE: PrintedKind.INVOICE,
    InvoiceKind.REQUEST: PrintedKind.PAYMENT_REQUEST,
}


def invoice_document(
    *,
    kind: InvoiceKind,
    number: str,
    reference: str,
    edition: Edition,
    party: BillingParty,
    facts: BillingFacts,
    terms: TermsRule,
    participants: Sequence[ParticipantFee],
    share: BilledShare | None,
    net_minor: int,
    vat_minor: int,
    paid_minor: int,
    issued_on: date,
    due_on: date,
) -> InvoiceDocument:
    """Return the facts of the paper; paid in full by ``paid_minor`` it asks for nothing, so it has no due day."""
    paper = _paper(
        PRINTED[kind],
        edition=edition,
        payer=party,
        facts=facts,
        terms=terms,
        participants=participants,
        share=share,
        net_minor=net_minor,
        vat_minor=vat_minor,
        issued_on=issued_on,
    )
    return replace(
        paper,
        number=number,
        due_on=due_on if paid_minor < paper.total_minor else None,
        reference=reference,
        beneficiary=_beneficiary(facts),
        paid_minor=paid_minor,
    )


def pro_forma_document(
    *,
    application: str,
    edition: Edition,
    payer: Payer,
    facts: BillingFacts,
    terms: TermsRule,
    participant: ParticipantFee,
    share: BilledShare | None,
    written_on: date,
    valid_until: date,
) -> InvoiceDocument:
    """Return the facts of a pro-forma: those of a bill, without number, reference and account."""
    net = participant.fee_minor
    paper = _paper(
        PrintedKind.PRO_FORMA,
        edition=edition,
        payer=payer,
        facts=facts,
        terms=terms,
        participants=(participant,),
        share=share,
        net_minor=net,
        vat_minor=share_of(net, facts.issuer.vat_rate / 100),
        issued_on=written_on,
    )
    return replace(paper, application=application, valid_until=valid_until)


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """A line of the corrected paper by its position: its net amount, and net and tax of what is credited of it."""

    position: int
    billed_minor: int
    net_minor: int
    vat_minor: int


def credit_note_document(
    corrected: InvoiceDocument,
    *,
    lines: Sequence[CreditedLine],
    is_invoice: bool,
    reason: CreditReason,
    language: str,
) -> InvoiceDocument:
    """Return the facts of a credit note from the paper that it corrects; number, reference and day follow.

    Each participant keeps the lines of the fee; what is not credited of it is a line of its own.
    """
    with override(language):
        participants = tuple(_credited(corrected.participants[each.position - 1], each) for each in lines)
        return replace(
            corrected,
            kind=PrintedKind.CREDIT_NOTE if is_invoice else PrintedKind.CORRECTION,
            participants=participants,
            vat=_credited_vat(corrected, lines),
            due_on=None,
            beneficiary=None,
            conditions=None,
            corrects=corrected.number,
            correction_reason=credit_words(reason),
            paid_minor=0,
        )


def kept_document(
    ended: InvoiceDocument, position: int, profile: VatProfile, net_minor: int, vat_minor: int, *, language: str
) -> InvoiceDocument:
    """Return the facts of the bill over what is kept of a place, from the paper of the place that ended.

    Number, reference and day follow. Nothing is to be paid by it.
    """
    with override(language):
        person = ended.participants[position - 1]
        return replace(
            ended,
            kind=PrintedKind.KEPT,
            participants=(replace(person, lines=(FeeLine(_("Kept by the conditions"), net_minor),)),),
            vat=(_vat(profile, net_minor, vat_minor, language),),
            due_on=None,
            beneficiary=None,
            conditions=None,
            corrects=ended.number,
            paid_minor=0,
        )


def request_paper(paper: InvoiceDocument, number: str, language: str, now: datetime) -> Document:
    """Ask for the PDF of a bill or a credit note; the worker makes it from these frozen facts."""
    return request_document(
        DOCUMENT_KIND,
        about=Ref(Invoice._meta.label_lower, number),
        language=language,
        filename=f"{number}.pdf",
        facts=freeze(paper),
        now=now,
    )


def line_text(quote: Quote, course: str, language: str) -> str:
    """Return what an invoice line is for."""
    person = quote.application.person
    with override(language):
        return (_("%(course)s: place of %(person)s") % {"course": course, "person": person.name})[:300]


def participant_fee(quote: Quote, share: BilledShare | None, language: str) -> ParticipantFee:
    """Return the fee of one participant as its lines, in the language of the paper; less what another payer pays."""
    person = quote.application.person
    with override(language):
        lines = tuple(FeeLine(line_words(line.reason), line.amount_minor) for line in quote.lines.order_by("position"))
    return ParticipantFee(person.name, person.latin_name, (*lines, *share_line(lines, share, language)))


def share_line(lines: Sequence[FeeLine], share: BilledShare | None, language: str) -> tuple[FeeLine, ...]:
    """Return the line that leaves out what another payer owes; none where the fee is not shared."""
    if share is None:
        return ()
    with override(language):
        label = _("Billed to the other payer, %(payer)s") % {"payer": share.other_payer}
    return (FeeLine(label, share.net_minor - sum(line.amount_minor for line in lines)),)


def kept_text(text: str, language: str) -> str:
    """Return what the line of a bill over what is kept is for; ``text`` is that of the place."""
    with override(language):
        return (_("%(line)s, kept by the conditions") % {"line": text})[:300]


def _paper(
    kind: PrintedKind,
    *,
    edition: Edition,
    payer: BillingParty | Payer,
    facts: BillingFacts,
    terms: TermsRule,
    participants: Sequence[ParticipantFee],
    share: BilledShare | None,
    net_minor: int,
    vat_minor: int,
    issued_on: date,
) -> InvoiceDocument:
    """Return what a bill and a pro-forma both say; what asks for money by a number and an account follows."""
    with override(payer.language):
        return InvoiceDocument(
            kind=kind,
            number="",
            course=facts.course,
            course_from=edition.starts_on,
            course_until=edition.ends_on,
            course_place=edition.place,
            dates_provisional=edition.provisional,
            seller=_seller(facts.issuer),
            buyer=_buyer(payer),
            participants=tuple(participants),
            vat=(_vat(facts.issuer.place_vat, net_minor, vat_minor, payer.language),),
            currency=terms.currency,
            issued_on=issued_on,
            due_on=None,
            reference="",
            beneficiary=None,
            conditions=_conditions(edition, payer, terms),
            demo_amounts=terms.demo,
            other_payer=share.other_payer if share else "",
        )


def _credited(person: ParticipantFee, line: CreditedLine) -> ParticipantFee:
    kept = line.billed_minor - line.net_minor
    if not kept:
        return person
    return replace(person, lines=(*person.lines, FeeLine(_("Not credited"), -kept)))


def _credited_vat(corrected: InvoiceDocument, lines: Sequence[CreditedLine]) -> tuple[VatLine, ...]:
    net, vat = sum(each.net_minor for each in lines), sum(each.vat_minor for each in lines)
    return (replace(corrected.vat[0], net_minor=net, vat_minor=vat),)


def _seller(issuer: IssuerFacts) -> Seller:
    contact = issuer.contact or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Seller(issuer.legal_name, issuer.tax_id, address_lines(issuer.address), contact)


def _buyer(party: BillingParty | Payer) -> Buyer:
    country = Country.objects.filter(iso3=party.country).first()
    town = " ".join(filter(None, (party.postcode, party.town)))
    named = country_name(party.country, party.language, country.name if country else "") if party.country else ""
    lines = (*address_lines(party.address), town, named)
    return Buyer(
        legal_name=party.legal_name,
        address=tuple(line for line in lines if line),
        tax_id=party.tax_id,
        buyer_reference=party.buyer_reference,
        purchase_order=party.purchase_order,
    )


def _vat(profile: VatProfile, net_minor: int, vat_minor: int, language: str) -> VatLine:
    if vat_minor:
        label = _("VAT %(rate)s") % {"rate": share_in_percent(profile.rate / 100, language)}
        return VatLine(label, net_minor, vat_minor)
    return VatLine(_("No VAT is charged"), net_minor, 0, profile.exemption_code)


def _beneficiary(facts: BillingFacts) -> Beneficiary:
    payment = facts.payment
    return Beneficiary(payment.beneficiary, facts.iban, payment.bic, payment.bank, payment.address)


def _conditions(edition: Edition, party: BillingParty | Payer, terms: TermsRule) -> Conditions:
    return Conditions(
        last_refundable_at=last_refundable_instant(edition.starts_on, terms, ZoneInfo(edition.time_zone)),
        clock_place=edition.place,
        refund_share=terms.refund_rate,
        refund_within_days=terms.refund_within_days,
        free_exit_days=terms.free_exit_days,
        withdrawal_days=(terms.withdrawal_days or None) if party.kind == "person" else None,
        substitution_days_before=terms.substitution_days_before if terms.substitution_allowed else None,
    )
