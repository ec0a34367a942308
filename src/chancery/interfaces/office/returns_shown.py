"""The refunds of ours that may have come back with a bank line, with the words of what speaks for each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chancery.domain.billing.matching.returns import ReturnSign
from chancery.domain.billing.models import BankEntry, Refund
from chancery.domain.billing.queries.refunds import list_possible_returns
from chancery.foundation.ui.parts import Evidence

SIGNS: dict[ReturnSign, Promise] = {
    ReturnSign.REFERENCE: gettext_lazy("the reference of our refund, exactly"),
    ReturnSign.SUM: gettext_lazy("the sum of the refund"),
    ReturnSign.SUM_SHORT: gettext_lazy("less than the refund: the bank kept the rest"),
    ReturnSign.ACCOUNT: gettext_lazy("it comes from the account that was paid"),
    ReturnSign.TOLD: gettext_lazy("the bank says that it sends a payment back"),
}


@dataclass(frozen=True, slots=True)
class ReturnShown:
    """A refund that the line may be."""

    refund: Refund
    evidence: tuple[Evidence, ...]


def returns_shown(entry: BankEntry) -> list[ReturnShown]:
    """Return the refunds that may have come back with a line, the likeliest first."""
    return [
        ReturnShown(refund, tuple(_evidence(sign) for sign in signs)) for refund, signs in list_possible_returns(entry)
    ]


def _evidence(sign: ReturnSign) -> Evidence:
    return Evidence("note" if sign is ReturnSign.SUM_SHORT else "plus", str(SIGNS[sign]))
