"""Refunds beside the lines that show them: locked together, and what the trail is told of them."""

from collections.abc import Iterable

from django.db import transaction

from chancery.domain.billing.models import BankEntry, EntryBalance, Refund
from chancery.domain.billing.states import WorkState


@transaction.atomic
def lock_refunds(*, refund_ids: Iterable[int], entry_id: int) -> tuple[list[Refund], dict[int, EntryBalance]]:
    """Return refunds, and the balances of their first lines, their debits and one more line by line.

    All are locked in the order of the house.

    :raises Refund.DoesNotExist: when there is none of one of these ids.
    """
    keys = {*refund_ids}
    rows = Refund.objects.filter(pk__in=keys).values_list("entry", "debit")
    lines = {line for row in rows for line in row if line} | {entry_id}
    balances = EntryBalance.objects.select_for_update().filter(entry__in=lines).order_by("pk")
    by_line = {balance.entry_id: balance for balance in balances.select_related("entry")}
    refunds = list(Refund.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    if len(refunds) != len(keys):
        raise Refund.DoesNotExist
    return refunds, by_line


def sum_of(refunds: Iterable[Refund]) -> int:
    """Return what refunds come to, in minor units."""
    return sum(refund.amount_minor for refund in refunds)


@transaction.atomic
def take_again(*, balance: EntryBalance, refund: Refund) -> None:
    """Take the money of a refund that was put back from its line again."""
    if balance.left_minor == refund.amount_minor:
        balance.work_state = WorkState.BOOKED
    balance.returned_minor += refund.amount_minor
    balance.save(update_fields=["returned_minor", "work_state"])


def facts_of(line: BankEntry, amount_minor: int) -> dict[str, object]:
    """Return what the trail is told of a line that shows this much of a refund, signed as the line."""
    return {"amount_minor": amount_minor, "currency": line.currency, "entry": line.pk}
