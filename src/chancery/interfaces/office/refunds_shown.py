"""A refund of the list, with what stands in its way in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chancery.domain.billing.models import BankEntry, HoldRelease, Refund
from chancery.domain.billing.queries.paying import Payable
from chancery.interfaces.office.holds_shown import hold_words
from chancery.interfaces.office.money_shown import REFUSALS


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundShown:
    """A refund as the list shows it; ``is_own``: whoever looks may not approve it."""

    refund: Refund
    is_own: bool
    hold: Sequence[str] = ()
    release: HoldRelease | None = None
    is_unwritable: bool = False
    may_be_ordered: bool = False
    beside: Sequence[BankEntry] = ()
    waits: Sequence[str] = ()


def refunds_shown(refunds: Iterable[Refund], weighed: Iterable[Payable], own: set[int]) -> list[RefundShown]:
    """Return refunds in their order; of those that can still leave, with what holds them."""
    found = {each.refund.pk: each for each in weighed}
    return [_shown(each, found.get(each.pk), each.pk in own) for each in refunds]


def _shown(refund: Refund, weighed: Payable | None, is_own: bool) -> RefundShown:
    if weighed is None:
        return RefundShown(refund=refund, is_own=is_own)
    if refund.batch_id:
        return RefundShown(refund=refund, is_own=is_own, beside=weighed.beside)
    return RefundShown(
        refund=refund,
        is_own=is_own,
        hold=hold_words(weighed.hold.holds) if weighed.hold else (),
        release=weighed.hold.release if weighed.hold else None,
        is_unwritable=not refund.by_hand and not weighed.facts.is_name_writable,
        may_be_ordered=weighed.instruction.allowed,
        beside=weighed.beside,
        waits=[str(REFUSALS[code]) for code, stands in _money_waits(weighed).items() if stands],
    )


def _money_waits(weighed: Payable) -> dict[str, bool]:
    facts = weighed.facts
    return {"may_have_come_back": facts.may_have_come_back, "more_than_received": facts.exceeds_received}
