"""What statements show of a refund: the line with which it left, and the line with which the bank sent it back."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from chancery.domain.billing.models import BankEntry, EntryBalance, Refund
from chancery.domain.billing.services.refunding import RefundNotPossible
from chancery.domain.billing.services.setting_aside import book_cost
from chancery.domain.billing.states import EntryStatus, RefundState, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import refusal

KEPT_BY_THE_BANK = "kept by the bank from a refund that it sent back"


@transaction.atomic
def see_refund_leave(*, refund_id: int, debit: BankEntry, actor: Actor, now: datetime) -> bool:
    """Close a refund with the line of the statement that shows it leaving; False where it is not sent by that.

    One that came back before its leaving was read stays failed: its line is only taken for what it is. One that
    somebody called failed by hand is sent after all, as long as its money still waits.
    """
    first = Refund.objects.values_list("entry_id", flat=True).get(pk=refund_id)
    rows = EntryBalance.objects.select_for_update().filter(entry__in=[first, debit.pk]).order_by("pk")
    balances = {balance.entry_id: balance for balance in rows}
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    if refund.debit_id or balances[debit.pk].left_minor != -refund.amount_minor:
        return False
    came_back = refund.came_back_id is not None
    if refund.state == RefundState.FAILED and not came_back and not _takes_again(balances[first], refund):
        return False
    if not came_back and refund.state not in {RefundState.EXPORTED, RefundState.FAILED}:
        return False

    refund.state, refund.debit = RefundState.FAILED if came_back else RefundState.SENT, debit
    refund.save(update_fields=["state", "debit"])
    EntryBalance.objects.filter(entry=debit).update(
        returned_minor=F("returned_minor") - refund.amount_minor, work_state=WorkState.BOOKED
    )
    _record(Event.REFUND_DEBIT_SEEN if came_back else Event.REFUND_SENT, refund, debit, actor, now)
    return not came_back


@transaction.atomic
def take_refund_back(*, refund_id: int, entry_id: int, actor: Actor, now: datetime) -> Refund:
    """Take a credit for a refund that came back: the refund has failed, its money waits at its first line again.

    What the bank kept of it is a cost at the line with which it left. A refund that somebody called failed by hand is
    only joined with the line: its money waits already.

    :raises RefundNotPossible: ``never_left`` unless a file held it and nothing came back before, ``line_is_used``
        unless the whole credit is free, ``not_that_sum`` when currency or sum cannot be it, ``leaving_not_read`` when
        charges were kept and no line shows it leaving.
    """
    first, debit_id = Refund.objects.values_list("entry_id", "debit_id").get(pk=refund_id)
    lines = [key for key in (first, debit_id, entry_id) if key]
    balances = EntryBalance.objects.select_for_update().filter(entry__in=lines).order_by("pk")
    by_entry = {balance.entry_id: balance for balance in balances.select_related("entry")}
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    credit = by_entry[entry_id]
    _check(refund, credit)

    if refund.state != RefundState.FAILED:
        EntryBalance.objects.filter(entry=first).update(
            returned_minor=F("returned_minor") - refund.amount_minor, work_state=WorkState.GIVE_BACK
        )
    refund.state, refund.came_back_id = RefundState.FAILED, entry_id
    refund.save(update_fields=["state", "came_back"])
    EntryBalance.objects.filter(pk=credit.pk).update(
        returned_minor=F("returned_minor") + credit.amount_minor, work_state=WorkState.BOOKED
    )
    _record(Event.REFUND_CAME_BACK, refund, credit.entry, actor, now)
    _settle_leaving(refund, refund.amount_minor - credit.amount_minor, actor, now)
    return refund


def _takes_again(balance: EntryBalance, refund: Refund) -> bool:
    """Take the money of a failed refund from its line again, unless another refund or a bill has it by now."""
    if Refund.objects.filter(replaces=refund).exists() or balance.left_minor < refund.amount_minor:
        return False
    where = WorkState.BOOKED if balance.left_minor == refund.amount_minor else WorkState(balance.work_state)
    EntryBalance.objects.filter(pk=balance.pk).update(
        returned_minor=F("returned_minor") + refund.amount_minor, work_state=where
    )
    return True


def _check(refund: Refund, credit: EntryBalance) -> None:
    held = refund.batch_id is not None and refund.came_back_id is None
    if not held:
        raise RefundNotPossible(refusal("never_left"))
    entry = credit.entry
    if entry.status != EntryStatus.BOOKED or not 0 < credit.amount_minor == credit.left_minor:
        raise RefundNotPossible(refusal("line_is_used"))
    if entry.currency != refund.currency or credit.amount_minor > refund.amount_minor:
        raise RefundNotPossible(refusal("not_that_sum"))
    if credit.amount_minor < refund.amount_minor and refund.debit_id is None:
        raise RefundNotPossible(refusal("leaving_not_read"))


def _settle_leaving(refund: Refund, kept: int, actor: Actor, now: datetime) -> None:
    """Join the line with which it left where that was read before as a debit of nobody; book what the bank kept."""
    if refund.debit_id is None:
        debits = BankEntry.objects.filter(end_to_end_id=refund.end_to_end_id, amount_minor=-refund.amount_minor)
        for debit in debits.filter(currency=refund.currency, status=EntryStatus.BOOKED, balance__isnull=False)[:1]:
            see_refund_leave(refund_id=refund.pk, debit=debit, actor=actor, now=now)
    if kept and refund.debit_id:
        EntryBalance.objects.filter(entry=refund.debit_id).update(returned_minor=F("returned_minor") + kept)
        book_cost(entry_id=refund.debit_id, reason=KEPT_BY_THE_BANK, actor=actor, now=now)


def _record(event: Event, refund: Refund, line: BankEntry, actor: Actor, now: datetime) -> None:
    facts = {"amount_minor": line.amount_minor, "currency": line.currency, "entry": line.pk}
    record(event, actor=actor, subject=refund, now=now, facts=facts)
