"""The lines of a quote whose facts are all known: a base rate, and the reductions that apply (promises B3, B4)."""

from chancery.domain.billing.quotes.facts import LineReason, LookedAt, NotApplied, QuoteFacts, QuoteLine
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.money import share_of


def price_lines(facts: QuoteFacts, terms: TermsRule) -> tuple[tuple[QuoteLine, ...], tuple[LookedAt, ...]]:
    """Return the lines and what was not applied, for facts of which none is open."""
    base, looked_at = _base(facts, terms)
    obstacles = {
        LineReason.LOW_INCOME_WAIVER: _waiver_obstacle(facts, terms),
        LineReason.GROUP_DISCOUNT: _group_obstacle(facts, terms),
    }
    rates = {
        LineReason.LOW_INCOME_WAIVER: terms.waiver_share,
        LineReason.GROUP_DISCOUNT: terms.group_rate,
    }
    looked_at += tuple(LookedAt(reason, why) for reason, why in obstacles.items() if why is not None)
    # The discount is taken on the person's own rate (cli.md), so stacked reductions do not compound.
    reductions = [
        (reason, share_of(base.amount_minor, rates[reason])) for reason, why in obstacles.items() if why is None
    ]
    if not terms.group_stacks and len(reductions) > 1:
        best = max(reductions, key=lambda reduction: reduction[1])
        looked_at += tuple(
            LookedAt(reason, NotApplied.ANOTHER_IS_BETTER) for reason, _ in reductions if reason != best[0]
        )
        reductions = [best]
    return _applied(base, reductions, looked_at)


def total_of(lines: tuple[QuoteLine, ...]) -> int:
    """Return the sum of the lines."""
    return sum(line.amount_minor for line in lines)


def fee_of(facts: QuoteFacts, terms: TermsRule) -> int:
    """Return the fee for facts of which none is open."""
    return total_of(price_lines(facts, terms)[0])


def _base(facts: QuoteFacts, terms: TermsRule) -> tuple[QuoteLine, tuple[LookedAt, ...]]:
    standard = QuoteLine(LineReason.STANDARD, terms.standard_minor)
    if not facts.is_member:
        return standard, (LookedAt(LineReason.MEMBER, NotApplied.NOT_A_MEMBER),)
    if terms.reference_year is not None and not facts.contributions_paid:
        return standard, (LookedAt(LineReason.MEMBER, NotApplied.CONTRIBUTIONS_UNPAID),)
    return QuoteLine(LineReason.MEMBER, terms.member_minor), ()


def _waiver_obstacle(facts: QuoteFacts, terms: TermsRule) -> NotApplied | None:
    if terms.waiver_fiscal_year is None or terms.waiver_share == 0:
        return NotApplied.NO_WAIVER_IN_TERMS
    if not facts.is_member:
        return NotApplied.NOT_A_MEMBER
    if terms.waiver_needs_contributions and not facts.contributions_paid:
        return NotApplied.CONTRIBUTIONS_UNPAID
    if facts.income_class not in terms.waiver_income_classes:
        return NotApplied.OTHER_INCOME_CLASS
    return None


def _group_obstacle(facts: QuoteFacts, terms: TermsRule) -> NotApplied | None:
    return NotApplied.GROUP_TOO_SMALL if facts.group_size < terms.group_from else None


def _applied(
    base: QuoteLine, reductions: list[tuple[LineReason, int]], looked_at: tuple[LookedAt, ...]
) -> tuple[tuple[QuoteLine, ...], tuple[LookedAt, ...]]:
    lines, left = [base], base.amount_minor
    for reason, wanted in reductions:
        amount = min(wanted, left)
        if amount == 0:
            looked_at += (LookedAt(reason, NotApplied.NOTHING_LEFT_TO_REDUCE),)
            continue
        lines.append(QuoteLine(reason, -amount))
        left -= amount
    return tuple(lines), looked_at
