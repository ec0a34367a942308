"""What a place costs and why (promises B3, B4, B5): facts in, lines that add up out."""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import Final

from chancery.domain.programme.policies import TermsRule
from chancery.foundation.money import share_of
from chancery.foundation.ruling import Refused, refusal

INCOME_CLASSES: Final = ("L", "LM", "UM", "H")


class LineReason(StrEnum):
    """Why an amount stands on a quote; stable codes that other programs read (`fee quote`)."""

    STANDARD = "rate.standard"
    MEMBER = "rate.member"
    LOW_INCOME_WAIVER = "waiver.low-income-member"
    GROUP_DISCOUNT = "discount.group"
    OFFICER = "officer.fee"


class OfficerReason(StrEnum):
    """Which fact is not known, could change the fee, and is therefore for an officer to settle."""

    MEMBERSHIP_UNDECIDED = "membership.undecided"
    JOINED_AFTER_REFERENCE_YEAR = "contributions.joined-after-reference-year"
    ECONOMY_UNCLASSIFIED = "economy.unclassified"


class NotApplied(StrEnum):
    """Why a reduction was looked at and not applied."""

    NOT_A_MEMBER = "not_a_member"
    CONTRIBUTIONS_UNPAID = "contributions_unpaid"
    CONTRIBUTIONS_UNKNOWN = "contributions_unknown"
    OTHER_INCOME_CLASS = "other_income_class"
    NO_WAIVER_IN_TERMS = "no_waiver_in_terms"
    GROUP_TOO_SMALL = "group_too_small"
    ANOTHER_IS_BETTER = "another_reduction_is_better"
    NOTHING_LEFT_TO_REDUCE = "nothing_left_to_reduce"


class InvalidQuoteFacts(Refused):
    """The facts describe nobody: a group of none, or a class that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerFee:
    """The fee that an officer set by exception, and why; the second person is the caller's to ask for."""

    fee_minor: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFacts:
    """What is known about the person when the quote is made; stored with it.

    ``is_member``: works for a member city; None while no officer has decided who counts as its staff (B4).
    ``contributions_paid``: of the reference year; None when not on file.
    ``joined_after_reference_year``: the city owed nothing for that year, ``contributions_paid`` is ignored.
    ``income_class``: in ``fiscal_year``; None for an economy without a class or outside the table.

    :raises InvalidQuoteFacts: when the group has no person or the class is unknown.
    """

    is_member: bool | None
    contributions_paid: bool | None = None
    joined_after_reference_year: bool = False
    income_class: str | None = None
    fiscal_year: str | None = None
    group_size: int = 1
    officer_fee: OfficerFee | None = None

    def __post_init__(self) -> None:
        """Refuse facts that describe nobody."""
        if self.group_size < 1:
            raise InvalidQuoteFacts(refusal("group_has_no_person"), f"a group of {self.group_size} is no group")
        if self.income_class is not None and self.income_class not in INCOME_CLASSES:
            raise InvalidQuoteFacts(refusal("unknown_income_class"), f"{self.income_class!r} is no income class")


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One reason with its amount in minor units; reductions are negative."""

    reason: LineReason
    amount_minor: int


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A rate or reduction that was considered and not applied, and the fact that stood in the way."""

    reason: LineReason
    because: NotApplied


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The fee if an open fact turned out so; ``assumed`` is a code such as `contributions.paid`."""

    assumed: str
    fee_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAnswer:
    """The price of one place; ``fee_minor`` is the sum of the lines, or None while an officer decides."""

    fee_minor: int | None
    currency: str
    lines: tuple[QuoteLine, ...]
    officer_decides: bool
    reasons: tuple[str, ...]
    looked_at: tuple[LookedAt, ...]
    what_if: tuple[WhatIf, ...] = ()

    @property
    def is_waived(self) -> bool:
        """Whether there is nothing to pay, so that no invoice is issued and the place is sure at once."""
        return self.fee_minor == 0


def quote_fee(facts: QuoteFacts, terms: TermsRule) -> QuoteAnswer:
    """Return the fee of one place with its reasons.

    An officer decides exactly where a fact is open and its possible answers lead to different fees.
    Contributions that are not on file are read as unpaid, with both outcomes in ``what_if`` (decision 0010).

    :raises InvalidQuoteFacts: when an officer's fee lies outside zero to the standard rate.
    """
    if facts.officer_fee is not None:
        return _by_officer(facts.officer_fee, terms)

    open_facts = _open_facts(facts, terms)
    if open_facts:
        return QuoteAnswer(
            fee_minor=None,
            currency=terms.currency,
            lines=(),
            officer_decides=True,
            reasons=tuple(open_facts),
            looked_at=(),
            what_if=_outcomes(facts, terms),
        )

    settled = _settled(facts)
    lines, looked_at = _lines(settled, terms)
    return QuoteAnswer(
        fee_minor=_total(lines),
        currency=terms.currency,
        lines=lines,
        officer_decides=False,
        reasons=tuple(line.reason for line in lines),
        looked_at=_as_known(looked_at, facts),
        what_if=_dues_outcomes(facts, terms),
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


def _lines(facts: QuoteFacts, terms: TermsRule) -> tuple[tuple[QuoteLine, ...], tuple[LookedAt, ...]]:
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


def _total(lines: tuple[QuoteLine, ...]) -> int:
    return sum(line.amount_minor for line in lines)


def _fee(facts: QuoteFacts, terms: TermsRule) -> int:
    return _total(_lines(facts, terms)[0])


def _settled(facts: QuoteFacts) -> QuoteFacts:
    """Read what is open cautiously: an open fact never lowers a fee by default."""
    return replace(
        facts,
        is_member=bool(facts.is_member),
        contributions_paid=bool(facts.contributions_paid) and not facts.joined_after_reference_year,
    )


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


def _open_facts(facts: QuoteFacts, terms: TermsRule) -> list[OfficerReason]:
    """Return the open facts whose answer can change the fee, whatever the others turn out to be."""
    return [reason for reason in _readings(facts) if _matters(reason, facts, terms)]


def _matters(reason: OfficerReason, facts: QuoteFacts, terms: TermsRule) -> bool:
    answers = _readings(facts)[reason]
    for world in _worlds(facts):
        fees = {_fee(replace(world, **answer), terms) for answer in answers}  # type: ignore[arg-type]  # as above
        if len(fees) > 1:
            return True
    return False


def _outcomes(facts: QuoteFacts, terms: TermsRule) -> tuple[WhatIf, ...]:
    """Return the lowest and the highest fee that the open facts allow."""
    fees = [_fee(world, terms) for world in _worlds(facts)]
    return (WhatIf("lowest", min(fees)), WhatIf("highest", max(fees)))


def _dues_outcomes(facts: QuoteFacts, terms: TermsRule) -> tuple[WhatIf, ...]:
    if facts.contributions_paid is not None or facts.joined_after_reference_year or not facts.is_member:
        return ()
    unpaid = _fee(replace(facts, contributions_paid=False), terms)
    paid = _fee(replace(facts, contributions_paid=True), terms)
    if unpaid == paid:
        return ()
    return (WhatIf("contributions.paid", paid), WhatIf("contributions.unpaid", unpaid))


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
