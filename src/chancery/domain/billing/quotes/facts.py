"""What a quote is made from and what it says: facts in, lines with reasons out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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
