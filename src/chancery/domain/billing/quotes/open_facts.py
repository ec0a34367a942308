"""Facts that nobody knows yet, and whether their answer could change the fee (decision 0010)."""

from dataclasses import replace
from itertools import product

from chancery.domain.billing.quotes.facts import INCOME_CLASSES, OfficerReason, QuoteFacts, WhatIf
from chancery.domain.billing.quotes.lines import fee_of
from chancery.domain.programme.policies import TermsRule


def settled(facts: QuoteFacts) -> QuoteFacts:
    """Read what is open cautiously: an open fact never lowers a fee by default."""
    return replace(
        facts,
        is_member=bool(facts.is_member),
        contributions_paid=bool(facts.contributions_paid) and not facts.joined_after_reference_year,
    )


def open_facts(facts: QuoteFacts, terms: TermsRule) -> list[OfficerReason]:
    """Return the open facts whose answer can change the fee, whatever the others turn out to be."""
    return [reason for reason in _readings(facts) if _matters(reason, facts, terms)]


def outcomes(facts: QuoteFacts, terms: TermsRule) -> tuple[WhatIf, ...]:
    """Return the lowest and the highest fee that the open facts allow."""
    fees = [fee_of(world, terms) for world in _worlds(facts)]
    return (WhatIf("lowest", min(fees)), WhatIf("highest", max(fees)))


def dues_outcomes(facts: QuoteFacts, terms: TermsRule) -> tuple[WhatIf, ...]:
    """Return both fees where contributions are not on file and would change it."""
    if facts.contributions_paid is not None or facts.joined_after_reference_year or not facts.is_member:
        return ()
    unpaid = fee_of(replace(facts, contributions_paid=False), terms)
    paid = fee_of(replace(facts, contributions_paid=True), terms)
    if unpaid == paid:
        return ()
    return (WhatIf("contributions.paid", paid), WhatIf("contributions.unpaid", unpaid))


def _readings(facts: QuoteFacts) -> dict[OfficerReason, tuple[dict[str, bool | str], ...]]:
    """Return, for each open fact, what it may turn out to be."""
    readings: dict[OfficerReason, tuple[dict[str, bool | str], ...]] = {}
    if facts.is_member is None:
        readings[OfficerReason.MEMBERSHIP_UNDECIDED] = ({"is_member": False}, {"is_member": True})
    if facts.joined_after_reference_year:
        readings[OfficerReason.JOINED_AFTER_REFERENCE_YEAR] = (
            {"contributions_paid": False},
            {"contributions_paid": True},
        )
    if facts.income_class is None:
        readings[OfficerReason.ECONOMY_UNCLASSIFIED] = tuple({"income_class": each} for each in INCOME_CLASSES)
    return readings


def _worlds(facts: QuoteFacts) -> list[QuoteFacts]:
    """Return every way in which the open facts, and contributions that are not on file, may turn out."""
    known = replace(facts, joined_after_reference_year=False)
    readings = list(_readings(facts).values())
    if facts.contributions_paid is None and not facts.joined_after_reference_year:
        readings.append(({"contributions_paid": False}, {"contributions_paid": True}))
    worlds = []
    for choice in product(*readings):
        answers: dict[str, bool | str] = {}
        for answer in choice:
            answers |= answer
        worlds.append(replace(known, **answers))  # type: ignore[arg-type]  # keys and types come from _readings
    return worlds


def _matters(reason: OfficerReason, facts: QuoteFacts, terms: TermsRule) -> bool:
    answers = _readings(facts)[reason]
    for world in _worlds(facts):
        fees = {fee_of(replace(world, **answer), terms) for answer in answers}  # type: ignore[arg-type]  # as above
        if len(fees) > 1:
            return True
    return False
