"""When a paper may say what a place will cost: while somebody can still order it, and the fee is known."""

from dataclasses import dataclass

from chancery.foundation.ruling import ALLOWED, Ruling, refusal


@dataclass(frozen=True, slots=True)
class ProFormaFacts:
    """``under_way``: the application has not ended; ``settled``: nothing is to be paid for its place any more.

    ``fee_minor`` is None while a person decides about it.
    """

    under_way: bool
    settled: bool
    fee_minor: int | None


def may_write_pro_forma(facts: ProFormaFacts) -> Ruling:
    """Tell whether there is something to order: a fee that is known, more than zero and not paid."""
    if not facts.under_way:
        return refusal("application_over")
    if facts.settled:
        return refusal("place_settled")
    if facts.fee_minor is None:
        return refusal("fee_not_known")
    return ALLOWED if facts.fee_minor else refusal("fee_is_zero")
