"""The money of an entry: how its sum falls on its details, and what the bank kept.

The entry's amount is what moved on the account; details must add up to it. Where they do not, nothing is dropped:
the difference becomes an object of its own and the whole entry is marked doubtful.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chancery.domain.billing.readers.elements import (
    Children,
    Element,
    child,
    children_of,
    currency_of,
    minor_units,
    plain_number,
    sign_of,
)

# Where a detail may name its amount after its own Amt, nearest to the account first (in AmtDtls).
AMOUNT_DETAILS = ("TxAmt", "CntrValAmt", "InstdAmt")


@dataclass(frozen=True, slots=True)
class DetailMoney:
    """What one detail says about its amount, in the account's currency; null where it is not said."""

    amounts: tuple[int | None, ...]  # its own, then one for each of AMOUNT_DETAILS
    sign: int | None
    charges: int

    @property
    def nearest(self) -> int | None:
        """The amount nearest to the account."""
        return next((amount for amount in self.amounts if amount is not None), None)


@dataclass(frozen=True, slots=True)
class Split:
    """Signed shares, one a detail; ``rest`` is money of the entry that no detail explains."""

    shares: tuple[int, ...]
    rest: int = 0
    doubtful: bool = False


def detail_money(detail: Children, currency: str) -> DetailMoney:
    """Read what a detail says about its money; other currencies than the account's do not count.

    :raises StatementRefused: when an amount is broken.
    """
    told = children_of(detail.get("AmtDtls"))
    further = (_amount_in(child(told[name], "Amt"), currency) if name in told else None for name in AMOUNT_DETAILS)
    amounts = (_amount_in(detail.get("Amt"), currency), *further)
    return DetailMoney(amounts, _optional_sign(detail.get("CdtDbtInd")), charges_of(detail.get("Chrgs"), currency))


def split(total: int, charges: int, details: Sequence[DetailMoney]) -> Split | None:
    """Spread a signed entry over its details; null when several details do not say their amount."""
    if len(details) == 1:
        return Split((total,), doubtful=_differs(total, charges, details[0]))
    for reading in _readings(total):
        shares = [reading(detail) for detail in details]
        if None not in shares and sum(filter(None, shares)) == total:
            return Split(tuple(share or 0 for share in shares))
    return _fill_one_gap(total, details) or _leave_a_rest(total, charges, details)


def charges_of(first: Element | None, currency: str) -> int:
    """Return what the bank charged, 0 or more (``first`` of its Chrgs): the total and its records are one sum, not two.

    :raises StatementRefused: when an amount is broken.
    """
    if first is None:
        return 0
    blocks = [first, *first.itersiblings("{*}Chrgs")]
    totals = [_amount_in(child(block, "TtlChrgsAndTaxAmt"), currency) for block in blocks]
    records = [_records_of(block, currency) for block in blocks]
    if len(blocks) == 1:
        charged = totals[0] if totals[0] is not None else records[0]
    elif any(record is not None for record in records):
        charged = sum(record or 0 for record in records)
    else:
        charged = max((total for total in totals if total is not None), default=0)
    return max(charged or 0, 0)


def charges_by_detail(charges: int, details: Sequence[DetailMoney], rest: int) -> list[int]:
    """Say each charge once: on its detail; what only the entry tells, on the rest it explains or the first."""
    own = [detail.charges for detail in details] + ([0] if rest else [])
    surplus = max(charges - sum(own), 0)
    own[-1 if rest else 0] += surplus
    return own


def _amount_in(element: Element | None, currency: str) -> int | None:
    if element is None:
        return None
    if currency_of(element, currency) == currency:
        return minor_units(element, currency)
    plain_number(element)  # another currency does not count, but a broken file is told
    return None


def _optional_sign(indicator: Element | None) -> int | None:
    """Return the direction where one is given; older versions leave it out of details."""
    return None if indicator is None else sign_of(indicator)


def _records_of(block: Element, currency: str) -> int | None:
    """Version 02 repeats the block with one amount each, later ones hold records; a credited charge is taken off."""
    parts = [block] if child(block, "Amt") is not None else list(block.iterchildren("{*}Rcrd"))
    signed = [(_optional_sign(child(part, "CdtDbtInd")), _amount_in(child(part, "Amt"), currency)) for part in parts]
    told = [-amount if sign == 1 else amount for sign, amount in signed if amount is not None]
    return sum(told) if told else None


def _differs(total: int, charges: int, detail: DetailMoney) -> bool:
    """Whether a lone detail names another amount than its entry and no charge explains it."""
    named = detail.amounts[0]
    if named is None:
        return False
    return abs(abs(total) - named) not in {0, charges, detail.charges}


type Reading = Callable[[DetailMoney], int | None]


def _readings(total: int) -> list[Reading]:
    """The ways banks mean it: the detail's own direction or the entry's; gross, or net of the detail's charges."""
    entry_sign = 1 if total >= 0 else -1

    def reading(column: int | None, own_sign: bool, net: bool) -> Reading:
        def share(detail: DetailMoney) -> int | None:
            amount = detail.nearest if column is None else detail.amounts[column]
            if amount is None:
                return None
            sign = detail.sign if own_sign and detail.sign else entry_sign
            return sign * amount - (detail.charges if net else 0)

        return share

    columns = [None, *range(1 + len(AMOUNT_DETAILS))]
    return [reading(column, own, net) for net in (False, True) for column in columns for own in (True, False)]


def _fill_one_gap(total: int, details: Sequence[DetailMoney]) -> Split | None:
    """One detail without an amount is what the others leave, when that is money in the entry's direction."""
    shares = [_own_share(total, detail) for detail in details]
    if shares.count(None) != 1:
        return None
    left = total - sum(filter(None, shares))
    if left == 0 or (left > 0) != (total > 0):
        return None
    return Split(tuple(left if share is None else share for share in shares))


def _leave_a_rest(total: int, charges: int, details: Sequence[DetailMoney]) -> Split | None:
    shares = [_own_share(total, detail) for detail in details]
    if None in shares:
        return None
    told = tuple(share or 0 for share in shares)
    rest = total - sum(told)
    return Split(told, rest, doubtful=rest != -charges)


def _own_share(total: int, detail: DetailMoney) -> int | None:
    if detail.nearest is None:
        return None
    return (detail.sign or (1 if total >= 0 else -1)) * detail.nearest
