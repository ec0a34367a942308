"""What a place costs and why, from an edition file alone: no database, no settings."""

import argparse
import re
from pathlib import Path

from chancery.domain.billing.quotes import QuoteAnswer, QuoteFacts, quote_fee
from chancery.domain.network.readers import UNMAPPED, income_class, known_fiscal_years
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import answer, say, sum_text
from chancery.interfaces.cli.edition import read_terms
from chancery.interfaces.cli.nouns import Nouns

WORDS = {
    "rate.standard": "standard rate",
    "rate.member": "member rate",
    "waiver.low-income-member": "waiver: member city of a low-income economy",
    "discount.group": "group discount",
    "economy.unclassified": "the economy has no income class for the year",
    "membership.undecided": "it is not decided whether the person is staff of a member city",
    "contributions.joined-after-reference-year": "the city joined after the reference year",
}


def register(nouns: Nouns) -> None:
    """Add ``fee quote``."""
    parser = nouns.add_parser("fee", help="what a place costs and why")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    quoting = acts.add_parser("quote", help="the price of one place, line by line")
    quoting.add_argument("--edition", type=Path, required=True, metavar="FILE")
    quoting.add_argument("--country", type=_iso3, required=True, metavar="ISO3")
    quoting.add_argument("--member", action="store_true", help="the person works for a member city")
    quoting.add_argument(
        "--contributions-paid", type=int, action="append", default=[], metavar="YEAR", help="may be repeated"
    )
    quoting.add_argument("--group", type=int, default=1, metavar="N", help="persons who come together")
    quoting.add_argument("--fiscal-year", metavar="FYnn", help="what if another fiscal year counted")
    quoting.add_argument("--json", action="store_true", help="answer with one JSON document")
    quoting.set_defaults(run=quote)


def quote(arguments: argparse.Namespace) -> int:
    """Answer with the fee, its lines and its reasons; a fee that an officer must decide is an answer too."""
    terms = read_terms(arguments.edition)[1]
    fiscal_year = _fiscal_year(arguments.fiscal_year or terms.waiver_fiscal_year)
    found = income_class(arguments.country, fiscal_year) if fiscal_year else None
    facts = QuoteFacts(
        is_member=arguments.member,
        contributions_paid=terms.reference_year is None or terms.reference_year in arguments.contributions_paid,
        income_class=None if found is UNMAPPED or found is None else found.value,
        fiscal_year=fiscal_year,
        group_size=arguments.group,
    )
    quoted = quote_fee(facts, terms)
    if arguments.json:
        answer(_as_json(quoted, facts, terms, arguments.country))
    else:
        _tell(quoted)
    return 0


def _fiscal_year(year: str | None) -> str | None:
    if year is None or year in known_fiscal_years():
        return year
    known = ", ".join(known_fiscal_years())
    raise Refused(refusal("unknown_fiscal_year"), f"{year} is not a fiscal year of the table; known: {known}")


def _iso3(text: str) -> str:
    if not re.fullmatch("[A-Za-z]{3}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no three-letter country code")
    return text.upper()


def _as_json(quoted: QuoteAnswer, facts: QuoteFacts, terms: TermsRule, country: str) -> dict[str, object]:
    return {
        "fee_cents": quoted.fee_minor,
        "currency": quoted.currency,
        "lines": [{"reason": line.reason.value, "amount_cents": line.amount_minor} for line in quoted.lines],
        "officer_decides": quoted.officer_decides,
        "reasons": [line.reason.value for line in quoted.lines],
        "officer_reasons": [str(reason) for reason in quoted.reasons] if quoted.officer_decides else [],
        "looked_at": [{"reason": each.reason.value, "because": each.because.value} for each in quoted.looked_at],
        "what_if": [{"assumed": each.assumed, "fee_cents": each.fee_minor} for each in quoted.what_if],
        "facts": {
            "country": country,
            "member": facts.is_member,
            "contributions_paid": facts.contributions_paid if facts.is_member else None,
            "reference_year": terms.reference_year,
            "income_class": facts.income_class,
            "fiscal_year": facts.fiscal_year,
            "group": facts.group_size,
        },
        "demo": terms.demo,
    }


def _tell(quoted: QuoteAnswer) -> None:
    for line in quoted.lines:
        say(f"{WORDS[line.reason]:<48}{sum_text(line.amount_minor, quoted.currency):>14}")
    if quoted.officer_decides:
        reasons = "; ".join(WORDS[reason] for reason in quoted.reasons)
        say(f"an officer decides: {reasons}")
        return
    say(f"{'price of one place, ' + quoted.currency:<48}{sum_text(quoted.fee_minor or 0, quoted.currency):>14}")
