"""How two payers share one fee: the shares add up to it to the cent."""

from dataclasses import dataclass
from decimal import Decimal

from chancery.foundation.money import minor_from_typed, share_of
from chancery.foundation.ruling import ALLOWED, Ruling, refusal


@dataclass(frozen=True, slots=True)
class Share:
    """What the second payer pays: a sum in minor units, or a part in percent; exactly one of the two is set."""

    minor: int | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BilledShare:
    """What one of two payers owes of a fee, before tax, and who owes the rest of it."""

    net_minor: int
    other_payer: str


class NotAShare(ValueError):
    """What was typed is no part of a fee: a part outside zero and one hundred, or a sum too precise for its money."""


def share_as_typed(typed: Decimal, *, in_percent: bool, currency: str) -> Share:
    """Return what somebody typed as the share of the second payer.

    :raises NotAShare: when it is none.
    """
    if in_percent:
        if not 0 < typed < 100 or typed != round(typed, 2):
            raise NotAShare(f"{typed} percent is no part of a fee")
        return Share(percent=typed)
    try:
        minor = minor_from_typed(typed, currency)
    except ValueError as error:
        raise NotAShare(str(error)) from error
    if minor <= 0:
        raise NotAShare("a share is more than nothing")
    return Share(minor=minor)


def shares_of(fee_minor: int, share: Share) -> tuple[int, int]:
    """Return what the first and the second payer pay of a fee before tax; half a minor unit goes to the second."""
    second = share.minor if share.minor is not None else share_of(fee_minor, (share.percent or Decimal(0)) / 100)
    return fee_minor - second, second


def may_share(fee_minor: int, share: Share) -> Ruling:
    """Tell whether both payers would have something to pay: only the fee that is due is shared."""
    return ALLOWED if min(shares_of(fee_minor, share)) > 0 else refusal("share_out_of_range")
