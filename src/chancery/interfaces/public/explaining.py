"""A price in the visitor's words: each line with the fact it rests on."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.domain.billing.queries.pricing import Pricing
from chancery.domain.billing.quotes import QuoteLine
from chancery.domain.billing.words import line_words, looked_at_words, open_fact_words, why_words
from chancery.domain.network.queries import NetworkFacts
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.ui.parts import PriceLine


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
    country = network.country_in(get_language() or "en")
    return ExplainedFee(
        who=network.authority or country,
        country=country,
        people=pricing.facts.group_size,
        currency=answer.currency,
        fee_minor=answer.fee_minor,
        lines=[_line(line, network, pricing.facts.group_size, terms) for line in answer.lines],
        looked_at=[looked_at_words(each.reason, each.because, network) for each in answer.looked_at],
        open_facts=[open_fact_words(reason) for reason in answer.reasons] if answer.officer_decides else [],
        outcomes=[Outcome(label=_outcome(each.assumed, network), minor=each.fee_minor) for each in answer.what_if],
        guessed_member=not network.authority,
        demo=terms.demo,
    )


def _line(line: QuoteLine, network: NetworkFacts, people: int, terms: TermsRule) -> PriceLine:
    why = why_words(line.reason, network, group_size=people, terms=terms)
    return PriceLine(line_words(line.reason), line.amount_minor, why)


def _outcome(assumed: str, network: NetworkFacts) -> str:
    words = {
        "contributions.paid": _("If the contribution for %(year)s is paid"),
        "contributions.unpaid": _("If it is not"),
        "lowest": _("At the least"),
        "highest": _("At the most"),
    }
    return words[assumed] % {"year": network.reference_year}
