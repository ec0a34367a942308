"""What a place costs and why (promises B3, B4, B5)."""

from dataclasses import replace

from chancery.domain.billing.quotes.facts import (
    InvalidQuoteFacts,
    LineReason,
    LookedAt,
    NotApplied,
    OfficerFee,
    QuoteAnswer,
    QuoteFacts,
    QuoteLine,
)
from chancery.domain.billing.quotes.lines import price_lines, total_of
from chancery.domain.billing.quotes.open_facts import dues_outcomes, open_facts, outcomes, settled
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.ruling import refusal


def quote_fee(facts: QuoteFacts, terms: TermsRule) -> QuoteAnswer:
    """Return the fee of one place with its reasons.

    An officer decides exactly where a fact is open and its possible answers lead to different fees.
    Contributions that are not on file are read as unpaid, with both outcomes in ``what_if`` (decision 0010).

    :raises InvalidQuoteFacts: when an officer's fee lies outside zero to the standard rate.
    """
    if facts.officer_fee is not None:
        return _by_officer(facts.officer_fee, terms)

    unsettled = open_facts(facts, terms)
    if unsettled:
        return QuoteAnswer(
            fee_minor=None,
            currency=terms.currency,
            lines=(),
            officer_decides=True,
            reasons=tuple(unsettled),
            looked_at=(),
            what_if=outcomes(facts, terms),
        )

    lines, looked_at = price_lines(settled(facts), terms)
    return QuoteAnswer(
        fee_minor=total_of(lines),
        currency=terms.currency,
        lines=lines,
        officer_decides=False,
        reasons=tuple(line.reason for line in lines),
        looked_at=_as_known(looked_at, facts),
        what_if=dues_outcomes(facts, terms),
    )


def _by_officer(fee: OfficerFee, terms: TermsRule) -> QuoteAnswer:
    if not 0 <= fee.fee_minor <= terms.standard_minor:
        raise InvalidQuoteFacts(refusal("fee_out_of_range"), "the fee lies between zero and the standard rate")
    line = QuoteLine(LineReason.OFFICER, fee.fee_minor)
    return QuoteAnswer(
        fee_minor=fee.fee_minor,
        currency=terms.currency,
        lines=(line,),
        officer_decides=False,
        reasons=(line.reason,),
        looked_at=(),
    )


def _as_known(looked_at: tuple[LookedAt, ...], facts: QuoteFacts) -> tuple[LookedAt, ...]:
    """Say "unknown" rather than "unpaid" where the file holds nothing."""
    if facts.contributions_paid is not None:
        return looked_at
    return tuple(
        replace(each, because=NotApplied.CONTRIBUTIONS_UNKNOWN)
        if each.because is NotApplied.CONTRIBUTIONS_UNPAID
        else each
        for each in looked_at
    )
