"""Rules of the bills that are no prices: what belongs to which line when one of them is given back."""

from chancery.domain.billing.policies.crediting import (
    BilledLine,
    Leaving,
    LineStand,
    leaving_of,
    spread,
    stand_of_line,
    taxed_parts,
)
from chancery.domain.billing.policies.standing import LeftOnBill, OnBill, money_standing

__all__ = [
    "BilledLine",
    "Leaving",
    "LeftOnBill",
    "LineStand",
    "OnBill",
    "leaving_of",
    "money_standing",
    "spread",
    "stand_of_line",
    "taxed_parts",
]
