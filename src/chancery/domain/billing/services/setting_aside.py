"""What becomes of money that pays no bill: it waits, is kept to give back, was taken back, or is a cost of ours."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from chancery.domain.billing.models import EntryBalance, EntryCost, EntryReturn
from chancery.domain.billing.queries.leavings import names_unsent_refund
from chancery.domain.billing.queries.returned_lines import are_opposite, may_be_transfer
from chancery.domain.billing.states import EntryStatus, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class SettingAsideNotPossible(Refused):
    """Nothing is left of the line, it goes the other way, it is no return of the other, or nobody says why."""


@transaction.atomic
def park_entry(*, entry_id: int, note: str, actor: Actor, now: datetime) -> EntryBalance:
    """Leave an entry in suspense with a note that says what is being waited for."""
    balance = EntryBalance.objects.select_for_update().get(entry=entry_id)
    if balance.work_state == WorkState.GIVE_BACK:
        balance.work_state = WorkState.SUSPENSE
    balance.note = note.strip()[:300]
    balance.save(update_fields=["note", "work_state"])
    record(Event.ENTRY_PARKED, actor=actor, subject=balance, now=now, personal={"note": balance.note})
    return balance


@transaction.atomic
def keep_to_return(
    *, entry_id: int, reason: str, is_other_payment: bool = False, actor: Actor, now: datetime
) -> EntryBalance:
    """Set what is left of a credit aside to be given back to who paid it.

    ``is_other_payment``: somebody says that it is none of our refunds that came back, of one that may be.

    :raises SettingAsideNotPossible: ``nothing_left``, ``wrong_direction`` or ``reason_missing``.
    """
    balance = EntryBalance.objects.select_for_update().select_related("entry").get(entry=entry_id)
    _check(balance, reason, credit=True)
    balance.work_state, balance.note = WorkState.GIVE_BACK, reason.strip()[:300]
    balance.is_other_payment = balance.is_other_payment or is_other_payment
    balance.save(update_fields=["work_state", "note", "is_other_payment"])
    record(
        Event.ENTRY_KEPT_TO_RETURN,
        actor=actor,
        subject=balance,
        now=now,
        facts={"entry": entry_id, "amount_minor": balance.left_minor, "other_payment": balance.is_other_payment},
        personal={"note": balance.note},
    )
    return balance


@transaction.atomic
def book_cost(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> EntryCost:
    """Book what is left of a debit as a cost of ours, such as the bank's own fee.

    What bears the reference of a refund is that refund: its money, booked elsewhere meanwhile, would be spent twice.

    :raises SettingAsideNotPossible: ``nothing_left``, ``wrong_direction``, ``reason_missing``, or ``refund_unsent``
        where it names a refund of ours that no other line shows leaving.
    """
    balance = EntryBalance.objects.select_for_update().select_related("entry").get(entry=entry_id)
    _check(balance, reason, credit=False)
    if names_unsent_refund(balance.entry):
        raise SettingAsideNotPossible(refusal("refund_unsent"))
    return _write(balance, balance.left_minor, None, reason, actor, now)


@transaction.atomic
def book_cost_beside(*, entry_id: int, amount_minor: int, reason: str, actor: Actor, now: datetime) -> EntryCost:
    """Book a part of a debit as the cost of the refunds that left with it; whatever else is left of it waits on."""
    balance = EntryBalance.objects.select_for_update().get(entry=entry_id)
    return _write(balance, -amount_minor, None, reason, actor, now)


@transaction.atomic
def take_cost_back(*, cost_id: int, reason: str, actor: Actor, now: datetime) -> EntryCost:
    """Take a cost back by an opposite row; the debit waits again.

    :raises SettingAsideNotPossible: ``already_taken_back`` or ``reason_missing``.
    """
    cost = EntryCost.objects.get(pk=cost_id)
    balance = EntryBalance.objects.select_for_update().get(entry=cost.entry_id)
    if cost.reverses_id or EntryCost.objects.filter(reverses=cost).exists():
        raise SettingAsideNotPossible(refusal("already_taken_back"))
    if not reason.strip():
        raise SettingAsideNotPossible(refusal("reason_missing"))
    return _write(balance, -cost.amount_minor, cost, reason, actor, now)


@transaction.atomic
def join_return(*, debit_id: int, credit_id: int, actor: Actor, now: datetime) -> EntryReturn:
    """Join a debit with the credit that it takes back, or with which it moved to an account of ours.

    Both lines are used up.

    What was booked of both is booked alike before, as when a debit took what a bill had kept off it.

    :raises SettingAsideNotPossible: ``line_is_used`` unless as much of both lines is free, ``not_its_return`` unless
        they are equal sums as the bank tells them by now, one coming and one going, of one account or of two of one
        issuer where a line names the other one's, or ``refund_unsent`` where the debit names a refund of ours that no
        other line shows leaving.
    """
    rows = EntryBalance.objects.select_for_update().filter(entry__in=[debit_id, credit_id]).order_by("pk")
    balances = {balance.entry_id: balance for balance in rows.select_related("entry__account")}
    debit, credit = balances[debit_id], balances[credit_id]
    moved = may_be_transfer(debit.entry, credit.entry)
    if debit.amount_minor >= 0 or not (moved or are_opposite(debit.entry, credit.entry)):
        raise SettingAsideNotPossible(refusal("not_its_return"))
    is_money = all(each.entry.status == EntryStatus.BOOKED for each in (debit, credit))
    if not is_money or not 0 < credit.left_minor == -debit.left_minor:
        raise SettingAsideNotPossible(refusal("line_is_used"))
    if names_unsent_refund(debit.entry):
        raise SettingAsideNotPossible(refusal("refund_unsent"))

    joined = EntryReturn.objects.create(
        credit=credit.entry, debit=debit.entry, amount_minor=credit.left_minor, actor=actor.reference, at=now
    )
    for balance in (debit, credit):
        balance.returned_minor, balance.work_state = balance.returned_minor + balance.left_minor, WorkState.BOOKED
        balance.save(update_fields=["returned_minor", "work_state"])
    facts = {"entry": credit_id, "debit": debit_id, "amount_minor": joined.amount_minor}
    record(
        Event.ENTRY_TRANSFERRED if moved else Event.ENTRY_RETURNED, actor=actor, subject=joined, now=now, facts=facts
    )
    return joined


@transaction.atomic
def part_return(*, return_id: int, reason: str, actor: Actor, now: datetime) -> EntryReturn:
    """Part a debit from the credit that it was joined with, by another row: both lines wait again.

    :raises SettingAsideNotPossible: ``already_taken_back`` or ``reason_missing``.
    """
    joined = EntryReturn.objects.get(pk=return_id)
    rows = EntryBalance.objects.select_for_update().filter(entry__in=[joined.debit_id, joined.credit_id])
    balances = list(rows.order_by("pk"))
    if joined.reverses_id or EntryReturn.objects.filter(reverses=joined).exists():
        raise SettingAsideNotPossible(refusal("already_taken_back"))
    if not reason.strip():
        raise SettingAsideNotPossible(refusal("reason_missing"))

    parted = EntryReturn.objects.create(
        credit_id=joined.credit_id,
        debit_id=joined.debit_id,
        amount_minor=joined.amount_minor,
        reverses=joined,
        actor=actor.reference,
        at=now,
    )
    for balance in balances:
        is_debit = balance.amount_minor < 0
        balance.returned_minor += joined.amount_minor if is_debit else -joined.amount_minor
        balance.work_state = WorkState.OUTGOING if is_debit else WorkState.SUSPENSE
        balance.note = reason.strip()[:300]
        balance.save(update_fields=["returned_minor", "work_state", "note"])
    facts = {"entry": joined.credit_id, "debit": joined.debit_id}
    record(Event.RETURN_PARTED, actor=actor, subject=parted, now=now, facts=facts, personal={"note": reason.strip()})
    return parted


def _check(balance: EntryBalance, reason: str, *, credit: bool) -> None:
    if balance.entry.status != EntryStatus.BOOKED or balance.left_minor == 0:
        raise SettingAsideNotPossible(refusal("nothing_left"))
    if (balance.amount_minor > 0) != credit:
        raise SettingAsideNotPossible(refusal("wrong_direction"))
    if not reason.strip():
        raise SettingAsideNotPossible(refusal("reason_missing"))


def _write(
    balance: EntryBalance, amount: int, reverses: EntryCost | None, reason: str, actor: Actor, now: datetime
) -> EntryCost:
    cost = EntryCost.objects.create(
        entry_id=balance.entry_id,
        amount_minor=amount,
        reverses=reverses,
        reason=reason.strip()[:300],
        actor=actor.reference,
        at=now,
    )
    EntryBalance.objects.filter(pk=balance.pk).update(
        cost_minor=F("cost_minor") + amount,
        work_state=WorkState.BOOKED if amount == balance.left_minor else WorkState.OUTGOING,
    )
    record(
        Event.COST_REVERSED if reverses else Event.COST_BOOKED,
        actor=actor,
        subject=cost,
        now=now,
        facts={"entry": balance.entry_id, "amount_minor": amount},
    )
    return cost
