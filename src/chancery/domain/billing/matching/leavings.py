"""Which refund of ours a debit may be, where the bank shows it otherwise than to the cent and under our reference."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chancery.domain.billing.matching.returns import Paid, ToldLine
from chancery.domain.billing.references import refund_references_in


class LeavingSign(StrEnum):
    """What speaks for it."""

    REFERENCE = "leaving.reference"
    SUM = "leaving.sum"
    SUM_MORE = "leaving.sum-more"
    ACCOUNT = "leaving.account"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A refund that may have left with a debit; ``exceeds_cents`` is what the bank took besides."""

    key: int
    signs: tuple[LeavingSign, ...]
    exceeds_cents: int


def weigh_leavings(debit: ToldLine, refunds: Iterable[Paid]) -> tuple[Leaving, ...]:
    """Return the refunds that a debit may be, the likeliest first: none of more than left, or of another currency.

    A payment ordered by hand may name nothing of ours and hold charges, so none is left out that fits.
    """
    named = set(refund_references_in(debit.end_to_end_id, debit.remittance))
    found = [_weighed(debit, refund, named) for refund in refunds if _fits(debit, refund)]
    return tuple(sorted(found, key=_order))


def _fits(debit: ToldLine, refund: Paid) -> bool:
    return debit.currency == refund.currency and refund.amount_cents <= -debit.amount_cents


def _weighed(debit: ToldLine, refund: Paid, named: set[str]) -> Leaving:
    exceeds = -debit.amount_cents - refund.amount_cents
    stands = {
        LeavingSign.REFERENCE: refund.reference in named,
        LeavingSign.SUM: not exceeds,
        LeavingSign.SUM_MORE: exceeds > 0,
        LeavingSign.ACCOUNT: bool(refund.account) and debit.account == refund.account,
    }
    return Leaving(refund.key, tuple(sign for sign, is_so in stands.items() if is_so), exceeds)


def _order(each: Leaving) -> tuple[bool, bool, int, int]:
    by_reference, by_account = LeavingSign.REFERENCE in each.signs, LeavingSign.ACCOUNT in each.signs
    return not by_reference, not by_account, each.exceeds_cents, each.key
