"""A price in the visitor's words: each line with the fact it rests on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.domain.billing.queries.pricing import Pricing
from chancery.domain.billing.quotes import LineReason, LookedAt, QuoteLine
from chancery.domain.billing.words import line_words, obstacle_words, open_fact_words
from chancery.domain.network.queries import NetworkFacts
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.ui.parts import PriceLine
from chancery.foundation.ui.wording import day_text, percent_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A fee that would follow if an open fact turned out so."""

    label: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedFee:
    """The answer of the fee finder; ``fee_minor`` is for one person, None while an officer decides."""

    who: str
    country: str
    people: int
    currency: str
    fee_minor: int | None
    lines: list[PriceLine]
    looked_at: list[str]
    open_facts: list[str]
    outcomes: list[Outcome]
    guessed_member: bool
    demo: bool

    @property
    def total_minor(self) -> int | None:
        """What all of them pay together."""
        return None if self.fee_minor is None else self.fee_minor * self.people


def explain(pricing: Pricing, terms: TermsRule) -> ExplainedFee:
    """Put a price into words."""
    answer, network = pricing.answer, pricing.network
    return ExplainedFee(
        who=network.authority or network.country,
        country=network.country,
        people=pricing.facts.group_size,
        currency=answer.currency,
        fee_minor=answer.fee_minor,
        lines=[_line(line, network, pricing.facts.group_size, terms) for line in answer.lines],
        looked_at=[_looked_at(each, network) for each in answer.looked_at],
        open_facts=[open_fact_words(reason) for reason in answer.reasons] if answer.officer_decides else [],
        outcomes=[Outcome(label=_outcome(each.assumed, network), minor=each.fee_minor) for each in answer.what_if],
        guessed_member=not network.authority,
        demo=terms.demo,
    )


def _line(line: QuoteLine, network: NetworkFacts, people: int, terms: TermsRule) -> PriceLine:
    return PriceLine(line_words(line.reason), line.amount_minor, _why(line.reason, network, people, terms))


def _why(reason: LineReason, network: NetworkFacts, people: int, terms: TermsRule) -> str:
    if reason is LineReason.STANDARD:
        return _why_standard(network)
    if reason is LineReason.MEMBER:
        return _why_member(network)
    if reason is LineReason.LOW_INCOME_WAIVER:
        return _("%(country)s was a low-income economy in %(year)s, by the World Bank's classes") % {
            "country": network.country,
            "year": network.fiscal_year,
        }
    if reason is LineReason.GROUP_DISCOUNT:
        return ngettext("%(n)s person, %(rate)s", "%(n)s people together, %(rate)s", people) % {
            "n": people,
            "rate": percent_text(-terms.group_rate).replace("-", "\u2212"),
        }
    return ""


def _why_standard(network: NetworkFacts) -> str:
    facts = {"city": network.member_city or network.authority, "year": network.reference_year}
    if not network.authority:
        return _("No member city is named, so the standard rate counts")
    if not network.is_member:
        return _("%(city)s is not a member") % facts
    if network.contributions_paid is None:
        return _("%(city)s is a member; whether it paid for %(year)s is not on file") % facts
    return _("%(city)s is a member; its contribution for %(year)s is not paid") % facts


def _why_member(network: NetworkFacts) -> str:
    facts = {"city": network.member_city, "year": network.reference_year}
    if network.reference_year is None:
        return _("%(city)s is a member") % facts
    if network.paid_on is None:
        return _("%(city)s is a member; contribution for %(year)s paid") % facts
    return _("%(city)s is a member; contribution for %(year)s paid on %(day)s") % {
        **facts,
        "day": day_text(network.paid_on),
    }


def _looked_at(each: LookedAt, network: NetworkFacts) -> str:
    said = f"{line_words(each.reason)}: {obstacle_words(each.because)}"
    if each.reason is LineReason.LOW_INCOME_WAIVER and network.income_class:
        said += f" ({network.income_class}, {network.fiscal_year})"
    return said


def _outcome(assumed: str, network: NetworkFacts) -> str:
    words = {
        "contributions.paid": _("If the contribution for %(year)s is paid"),
        "contributions.unpaid": _("If it is not"),
        "lowest": _("At the least"),
        "highest": _("At the most"),
    }
    return words[assumed] % {"year": network.reference_year}
