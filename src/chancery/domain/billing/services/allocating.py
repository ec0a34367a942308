"""Move money between bank entries and bills: every move is an allocation row, the balances follow it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from chancery.domain.billing.identity import is_reference
from chancery.domain.billing.models import (
    Allocation,
    BankEntry,
    EntryBalance,
    Invoice,
    InvoiceBalance,
)
from chancery.domain.billing.policies import LeftOnBill, OnBill, money_standing
from chancery.domain.billing.services.writing_off import take_write_offs_back, written_off_with
from chancery.domain.billing.states import EntryStatus, FileState, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class AllocationNotPossible(Refused):
    """The money does not fit: too much for the bill or the entry, another currency, or no money at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money of an entry for a bill, in minor units; below zero it is taken off the bill."""

    entry_id: int
    invoice_id: int
    amount_minor: int
    reason: str
    event: Event = Event.ENTRY_ALLOCATED
    reverses: Allocation | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A booked move and how the bill stands after it."""

    allocation: Allocation
    invoice: Invoice
    open_before: int
    open_after: int

    @property
    def settles(self) -> bool:
        """Whether this move settled the bill."""
        return self.open_before > 0 >= self.open_after

    @property
    def unsettles(self) -> bool:
        """Whether this move opened a settled bill again."""
        return self.open_before <= 0 < self.open_after


@transaction.atomic
def invoice_of(allocation_id: int) -> int:
    """Return the id of the bill that an allocation belongs to; allocations never change it."""
    return Allocation.objects.values_list("invoice_id", flat=True).get(pk=allocation_id)


@transaction.atomic
def entry_of(allocation_id: int) -> int:
    """Return the id of the entry that an allocation belongs to."""
    return Allocation.objects.values_list("entry_id", flat=True).get(pk=allocation_id)


@transaction.atomic
def lock_invoice_balances(invoice_ids: Sequence[int]) -> dict[int, InvoiceBalance]:
    """Return the balances of bills, locked in order of id; after places, before entry balances."""
    rows = InvoiceBalance.objects.select_for_update().filter(invoice__in=invoice_ids).order_by("pk")
    return {row.invoice_id: row for row in rows}


@transaction.atomic
def allocate_entry(
    *, entry_id: int, invoice_id: int, amount_minor: int, reason: str, actor: Actor, now: datetime
) -> Moved:
    """Book money of an entry to a bill; a debit takes money back from it, with a negative amount.

    :raises AllocationNotPossible: see :func:`_check`.
    """
    balance = lock_invoice_balances([invoice_id])[invoice_id]
    entry_balance = EntryBalance.objects.select_for_update().get(entry=entry_id)
    entry = BankEntry.objects.select_related("file").get(pk=entry_id)
    invoice = Invoice.objects.select_related("party", "edition").get(pk=invoice_id)
    _check(entry, entry_balance, invoice, balance, amount_minor)
    if not reason.strip():
        raise AllocationNotPossible(refusal("reason_missing"))
    move = Move(entry_id=entry_id, invoice_id=invoice_id, amount_minor=amount_minor, reason=reason)
    return _move(move, entry_balance, balance, invoice, actor, now)


@transaction.atomic
def reverse_allocation(*, allocation_id: int, reason: str, actor: Actor, now: datetime) -> Moved:
    """Take an allocation back by a row of the opposite amount; the entry waits in suspense again.

    Only what still stands of the line on the bill can go: not what was given back since, what the bank took back, nor
    the rows by which a correction moved it.

    :raises AllocationNotPossible: when it was taken back before, is itself a taking back, or later bookings rest on it.
    """
    allocation = Allocation.objects.select_related("invoice__party", "invoice__edition").get(pk=allocation_id)
    balance = lock_invoice_balances([allocation.invoice_id])[allocation.invoice_id]
    entry_balance = EntryBalance.objects.select_for_update().get(entry=allocation.entry_id)
    if allocation.reverses_id or Allocation.objects.filter(reverses=allocation).exists():
        raise AllocationNotPossible(refusal("already_taken_back"))
    if not _may_go(allocation, entry_balance, balance):
        raise AllocationNotPossible(refusal("money_moved_on"))
    if not reason.strip():
        raise AllocationNotPossible(refusal("reason_missing"))
    let_go = take_write_offs_back(allocation=allocation, reason=reason, actor=actor, now=now)
    move = Move(
        entry_id=allocation.entry_id,
        invoice_id=allocation.invoice_id,
        amount_minor=-allocation.amount_minor,
        reason=reason,
        event=Event.ALLOCATION_REVERSED,
        reverses=allocation,
    )
    back = _move(move, entry_balance, balance, allocation.invoice, actor, now)
    return replace(back, open_after=back.open_after + let_go)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Money that was taken off a bill, by the line it came with; not ``sure`` where it may be another payer's."""

    entry_id: int
    amount_minor: int
    sure: bool = True


@transaction.atomic
def take_back(*, invoice_id: int, amount_minor: int, reason: str, actor: Actor, now: datetime) -> list[TakenBack]:
    """Take money off a bill because less is owed, the newest line first; it is free to be given back.

    What the bank took back of a line by a debit on the same bill is nobody's to get a second time. What was written
    off stays written off, and the lines stay where they are on the desk: the caller says at once what becomes of the
    money.

    :raises AllocationNotPossible: when the bill has received less than that.
    """
    balance = lock_invoice_balances([invoice_id])[invoice_id]
    if not 0 <= amount_minor <= balance.allocated_minor:
        raise AllocationNotPossible(refusal("more_than_paid"))
    standing, taken, left = _standing_on(invoice_id), [], amount_minor
    balances = _lock_entries([line.entry_id for line in standing])
    for line in standing:
        part = min(left, line.minor)
        if part:
            _take(balances[line.entry_id], invoice_id, part, reason, actor, now)
            taken.append(TakenBack(line.entry_id, part, line.sure))
            left -= part
    if left:
        raise AllocationNotPossible(refusal("more_than_paid"))
    return taken


@transaction.atomic
def book_freed(
    *, freed: Sequence[TakenBack], invoice_id: int, reason: str, actor: Actor, now: datetime
) -> list[Allocation]:
    """Book money that was taken off one bill to another, line by line.

    :raises AllocationNotPossible: see :func:`_check`.
    """
    return [
        allocate_entry(
            entry_id=part.entry_id,
            invoice_id=invoice_id,
            amount_minor=part.amount_minor,
            reason=reason,
            actor=actor,
            now=now,
        ).allocation
        for part in freed
    ]


@transaction.atomic
def write_allocation(*, move: Move, actor: Actor, now: datetime) -> Allocation:
    """Write one move with the balance of its bill and its event.

    The bill's balance is locked by the caller, who also moves the balance of the entry: the first booking of a line is
    written together with it.
    """
    allocation = Allocation.objects.create(
        entry_id=move.entry_id,
        invoice_id=move.invoice_id,
        amount_minor=move.amount_minor,
        reverses=move.reverses,
        reason=move.reason.strip()[:300],
        actor=actor.reference,
        at=now,
    )
    balance = InvoiceBalance.objects.filter(invoice=move.invoice_id)
    balance.update(allocated_minor=F("allocated_minor") + move.amount_minor)
    record(
        move.event,
        actor=actor,
        subject=allocation,
        now=now,
        facts={"entry": move.entry_id, "invoice": move.invoice_id, "amount_minor": move.amount_minor},
    )
    return allocation


def _lock_entries(entry_ids: Sequence[int]) -> dict[int, EntryBalance]:
    """Return the balances of lines, locked in order of id as everybody locks them."""
    rows = EntryBalance.objects.select_for_update().filter(entry__in=entry_ids).order_by("pk")
    return {row.entry_id: row for row in rows}


def _may_go(allocation: Allocation, entry_balance: EntryBalance, balance: InvoiceBalance) -> bool:
    """Tell whether the money of an allocation can leave its bill, and that of a debit can come back to it."""
    if entry_balance.amount_minor < 0:
        return -allocation.amount_minor <= balance.open_minor + written_off_with(allocation)
    standing = {line.entry_id: line.minor for line in _standing_on(balance.invoice_id)}
    return 0 < allocation.amount_minor <= standing.get(allocation.entry_id, 0)


def _standing_on(invoice_id: int) -> list[LeftOnBill]:
    """Return what stands on a bill by line, the newest first; its balance is locked."""
    entries = BankEntry.objects.filter(allocations__invoice=invoice_id).annotate(
        on_bill=Sum("allocations__amount_minor")
    )
    return money_standing([_on_bill(entry) for entry in entries])


def _on_bill(entry: Any) -> OnBill:
    day = entry.value_date or entry.booking_date or date.min
    reference = entry.end_to_end_id if is_reference(entry.end_to_end_id) else ""
    return OnBill(entry.pk, entry.on_bill, day, entry.payer_iban, reference)


def _take(line: EntryBalance, invoice_id: int, part: int, reason: str, actor: Actor, now: datetime) -> None:
    event = Event.ALLOCATION_REVERSED
    move = Move(entry_id=line.entry_id, invoice_id=invoice_id, amount_minor=-part, reason=reason, event=event)
    _write(move, WorkState(line.work_state), actor, now)


def _check(
    entry: BankEntry,
    entry_balance: EntryBalance,
    invoice: Invoice,
    balance: InvoiceBalance,
    amount_minor: int,
) -> None:
    """Refuse what does not fit.

    :raises AllocationNotPossible: ``not_money``, ``other_currency``, ``wrong_direction``, ``more_than_left``,
        ``more_than_open`` or ``more_than_paid``.
    """
    left = entry_balance.left_minor
    if entry.status != EntryStatus.BOOKED or entry.file.state != FileState.ACCEPTED:
        raise AllocationNotPossible(refusal("not_money"))
    if entry.currency != invoice.currency:
        raise AllocationNotPossible(refusal("other_currency"))
    if amount_minor == 0 or (amount_minor > 0) != (entry.amount_minor > 0):
        raise AllocationNotPossible(refusal("wrong_direction"))
    if abs(amount_minor) > abs(left):
        raise AllocationNotPossible(refusal("more_than_left"))
    if amount_minor > balance.open_minor:
        raise AllocationNotPossible(refusal("more_than_open"))
    if amount_minor < 0 and -amount_minor > balance.allocated_minor:
        raise AllocationNotPossible(refusal("more_than_paid"))


def _move(
    move: Move, entry_balance: EntryBalance, balance: InvoiceBalance, invoice: Invoice, actor: Actor, now: datetime
) -> Moved:
    before, used_up = balance.open_minor, entry_balance.left_minor == move.amount_minor
    stays = move.amount_minor > 0 and entry_balance.work_state == WorkState.GIVE_BACK
    rest = WorkState.GIVE_BACK if stays else WorkState.SUSPENSE
    allocation = _write(move, WorkState.BOOKED if used_up else rest, actor, now)
    allocation.invoice = invoice
    return Moved(allocation, invoice, before, before - move.amount_minor)


def _write(move: Move, where: WorkState, actor: Actor, now: datetime) -> Allocation:
    """Write one move with both balances; ``where`` is what is left to do with the entry after it."""
    allocation = write_allocation(move=move, actor=actor, now=now)
    EntryBalance.objects.filter(entry=move.entry_id).update(
        allocated_minor=F("allocated_minor") + move.amount_minor, work_state=where
    )
    return allocation
