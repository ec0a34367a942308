"""Whether a credit is a refund of ours that the bank sent back: by its reference surely, else for a person to say."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chancery.domain.billing.references import refund_references_in


class ReturnSign(StrEnum):
    """What speaks for a return."""

    REFERENCE = "refund.reference"
    SUM = "refund.sum"
    SUM_SHORT = "refund.sum-short"
    ACCOUNT = "refund.account"
    TOLD = "refund.told"
    FILE = "refund.file"
    TOGETHER = "refund.together"


# How banks say it in words, apart from camt's own element and mark.
WORDS = (
    "RTRINF",
    "RETURN",
    "RETOUR",
    "RETURNED",
    "DEVOLUCION",
    "DEVOLUCIÓ",
    "RUECKUEBERWEISUNG",
    "REJET",
    "R-TRANSACTION",
)


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line as the bank tells it; ``raw`` is its text as the file has it."""

    amount_cents: int
    currency: str
    end_to_end_id: str = ""
    remittance: str = ""
    account: str = ""
    reversal: bool = False
    raw: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """A refund that went to the bank, or may have."""

    key: int
    reference: str
    account: str
    amount_cents: int
    currency: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """A refund that may have come back with a credit, and what speaks for it."""

    key: int
    signs: tuple[ReturnSign, ...]

    @property
    def is_sure(self) -> bool:
        """Whether it needs nobody: our own reference and the same sum of the same currency."""
        return self.signs[:2] == (ReturnSign.REFERENCE, ReturnSign.SUM)


def weigh_returns(credit: ToldLine, refunds: Iterable[Paid]) -> tuple[Return, ...]:
    """Return the refunds that the credit may be, the likeliest first.

    Without our reference it takes the same sum and either its account or the bank's word that it sends money back;
    less than the sum is a return only by our reference, since banks keep charges.
    """
    named = set(refund_references_in(credit.end_to_end_id, credit.remittance))
    found = [Return(refund.key, signs) for refund in refunds if (signs := _signs(credit, refund, named))]
    return tuple(sorted(found, key=lambda each: (not each.is_sure, ReturnSign.REFERENCE not in each.signs, each.key)))


def is_told_return(credit: ToldLine) -> bool:
    """Tell whether the bank says of a line that it sends money back."""
    words = credit.remittance.upper()
    return credit.reversal or "RtrInf>" in credit.raw or any(word in words for word in WORDS)


def _signs(credit: ToldLine, refund: Paid, named: set[str]) -> tuple[ReturnSign, ...]:
    if credit.currency != refund.currency or not 0 < credit.amount_cents <= refund.amount_cents:
        return ()
    equal = credit.amount_cents == refund.amount_cents
    stands = {
        ReturnSign.REFERENCE: refund.reference in named,
        ReturnSign.SUM: equal,
        ReturnSign.SUM_SHORT: not equal,
        ReturnSign.ACCOUNT: bool(refund.account) and credit.account == refund.account,
        ReturnSign.TOLD: is_told_return(credit),
    }
    signs = tuple(sign for sign, is_so in stands.items() if is_so)
    if stands[ReturnSign.REFERENCE] or (equal and (stands[ReturnSign.ACCOUNT] or stands[ReturnSign.TOLD])):
        return signs
    return ()
