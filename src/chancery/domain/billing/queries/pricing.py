"""What a place would cost, and the facts that say so; nothing is stored here."""

from dataclasses import dataclass
from datetime import date

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import FeeException, Quote
from chancery.domain.billing.queries.quotes import network_of
from chancery.domain.billing.quotes import OfficerFee, QuoteAnswer, QuoteFacts, quote_fee
from chancery.domain.billing.states import ExceptionState
from chancery.domain.network.models import Country, LocalAuthority
from chancery.domain.network.queries import NetworkFacts, country_facts, fee_facts
from chancery.domain.programme.policies import TermsRule, terms_from_json
from chancery.domain.programme.queries import current_terms


@dataclass(frozen=True, slots=True)
class Pricing:
    """What the network knows, what the policy was asked, and what it answered."""

    network: NetworkFacts
    facts: QuoteFacts
    answer: QuoteAnswer


def price_for_authority(
    *,
    authority: LocalAuthority,
    terms: TermsRule,
    group_size: int,
    on: date,
    officer_fee: OfficerFee | None = None,
) -> Pricing:
    """Return the fee of one person who works for an authority, as of a day."""
    network = fee_facts(
        authority=authority,
        on=on,
        reference_year=terms.reference_year,
        fiscal_year=terms.waiver_fiscal_year,
    )
    return _priced(network, terms, group_size, officer_fee)


def price_for_country(*, country: Country, terms: TermsRule, group_size: int) -> Pricing:
    """Return the fee of somebody whose authority is not on file: quoted as no member."""
    network = country_facts(country=country, reference_year=terms.reference_year, fiscal_year=terms.waiver_fiscal_year)
    return _priced(network, terms, group_size, None)


def price_for_application(*, application: Application, terms: TermsRule, group_size: int, on: date) -> Pricing:
    """Return the fee of an application; an approved exception sets it."""
    officer_fee = approved_fee(application)
    if application.authority is None:
        nobody = NetworkFacts(authority="", iso3="", country="", is_member=False)
        return _priced(nobody, terms, group_size, officer_fee)
    return price_for_authority(
        authority=application.authority,
        terms=terms,
        group_size=group_size,
        on=on,
        officer_fee=officer_fee,
    )


def currency_of(application: Application) -> str:
    """Return the currency of an application's frozen terms, before it is sent of the terms of today."""
    terms = application.terms or current_terms(application.edition)
    return terms_from_json(terms.rule).currency


def approved_fee(application: Application) -> OfficerFee | None:
    """Return the fee that two people set for this application, if any."""
    approved = (
        FeeException.objects.filter(application=application, state=ExceptionState.APPROVED).order_by("-id").first()
    )
    return OfficerFee(fee_minor=approved.fee_minor, reason=approved.reason) if approved else None


def price_again(quote: Quote, *, group_size: int) -> Pricing:
    """Return the fee that a quote would give had the group another size; everything else stays as it was known then."""
    officer_fee = OfficerFee(**quote.facts["officer_fee"]) if quote.facts["officer_fee"] else None
    return _priced(network_of(quote), terms_from_json(quote.terms.rule), group_size, officer_fee)


def _priced(network: NetworkFacts, terms: TermsRule, group_size: int, officer_fee: OfficerFee | None) -> Pricing:
    facts = QuoteFacts(
        is_member=network.is_member,
        contributions_paid=network.contributions_paid,
        joined_after_reference_year=network.nothing_due,
        income_class=network.income_class,
        fiscal_year=network.fiscal_year,
        group_size=group_size,
        officer_fee=officer_fee,
    )
    return Pricing(network, facts, quote_fee(facts, terms))
