"""The step of the reconciliation desk: an officer says where the money of a bank line belongs.

One act is one transaction: the bookings, what is written off, the places that follow and the suggestions of lines
beside it. Lock order: places, invoice balances, entry balances, each by id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from chancery.domain.billing.models import (
    Allocation,
    BankEntry,
    EntryBalance,
    EntryCorrection,
    EntryCost,
    EntryReturn,
    HoldRelease,
    InvoiceBalance,
)
from chancery.domain.billing.queries.matching import book_of_bills
from chancery.domain.billing.queries.suggestions import suggested_bills
from chancery.domain.billing.services import (
    allocating,
    contests,
    correcting,
    holding,
    setting_aside,
    suggesting,
    writing_off,
)
from chancery.domain.billing.services.allocating import AllocationNotPossible, Moved
from chancery.domain.billing.services.contests import DecisionNotPossible
from chancery.domain.billing.services.holding import HeldForACheck, ReleaseNotPossible
from chancery.domain.billing.services.setting_aside import SettingAsideNotPossible
from chancery.domain.billing.services.writing_off import WriteOffNotPossible
from chancery.domain.enrollment.queries import list_ended_bills
from chancery.domain.enrollment.services.charges import lock_places_of_invoices
from chancery.foundation.audit.actors import Actor
from chancery.foundation.ruling import Refused, refusal
from chancery.journey import repay
from chancery.journey.follow import bill_of, follow_money
from chancery.journey.settle import settle_accepted_files

__all__ = [
    "AllocationNotPossible",
    "ChangedMeanwhile",
    "DecisionNotPossible",
    "HeldForACheck",
    "Moved",
    "Part",
    "ReleaseNotPossible",
    "Rest",
    "Seen",
    "SettingAsideNotPossible",
    "WriteOffNotPossible",
    "book_cost",
    "book_line",
    "correct_line",
    "count_line",
    "join_return",
    "keep_to_return",
    "leave_line_out",
    "park_line",
    "part_return",
    "release_line",
    "take_back",
    "take_cost_back",
    "undo_correction",
    "weigh_beside",
    "write_off",
]


class Rest(StrEnum):
    """What happens with the difference between a line and what it pays."""

    WAITS = "waits"
    GIVE_BACK = "give back"
    WRITE_OFF = "write off"


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a line goes to a bill, in minor units; negative where money is taken back."""

    invoice_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the officer had on the screen: what was left of the line, and open on the bills."""

    left_minor: int
    open_minor: Mapping[int, int]


class ChangedMeanwhile(Refused):
    """Somebody booked the line or a bill after it was shown."""


@transaction.atomic
def book_line(
    *,
    entry_id: int,
    parts: Sequence[Part],
    reason: str,
    actor: Actor,
    now: datetime,
    rest: Rest = Rest.WAITS,
    rest_reason: str = "",
    seen: Seen | None = None,
) -> list[Moved]:
    """Book a line to one bill or several, and say what happens with the difference.

    ``rest`` is about the line where money is left over, and about the bill where some is missing. Money that a refund
    which came to nothing had promised back is set off against that promise, and whoever was promised it reads so.

    :raises AllocationNotPossible: when the money does not fit.
    :raises WriteOffNotPossible: when the missing rest is above the tolerance of the edition.
    :raises SettingAsideNotPossible: when nothing is left to give back.
    :raises ChangedMeanwhile: when line or bill are not as they were shown.
    :raises HeldForACheck: when a country of the edition's list is in it and nobody released the line.
    """
    ids = sorted({part.invoice_id for part in parts})
    charges = lock_places_of_invoices(ids)
    balances = allocating.lock_invoice_balances(ids)
    if len(balances) < len(ids):  # somebody made the number up
        raise AllocationNotPossible(refusal("nothing_open"))
    beside = suggesting.lock_lines_beside(entry_id=entry_id, invoice_ids=ids)
    holding.check_payment(entry=BankEntry.objects.select_related("account").get(pk=entry_id), invoice_ids=ids)
    if seen:
        _check_unchanged(entry_id, balances, seen)

    moves = []
    for part in sorted(parts, key=lambda part: part.invoice_id):
        moved = allocating.allocate_entry(
            entry_id=entry_id,
            invoice_id=part.invoice_id,
            amount_minor=part.amount_minor,
            reason=reason,
            actor=actor,
            now=now,
        )
        if rest is Rest.WRITE_OFF:
            row = writing_off.write_rest_off(allocation=moved.allocation, reason=rest_reason, actor=actor, now=now)
            moved = replace(moved, open_after=moved.open_after - row.amount_minor)
        moves.append(moved)
    repay.fit_promises(lines=[entry_id], booked=[each.allocation for each in moves], actor=actor, now=now)
    if rest is Rest.GIVE_BACK:
        setting_aside.keep_to_return(entry_id=entry_id, reason=rest_reason, actor=actor, now=now)

    for moved in moves:
        of_bill = [charge for charge in charges if bill_of(charge) == moved.invoice.pk]
        follow_money(moved=moved, charges=of_bill, actor=actor, now=now)
    weigh_beside([*beside, entry_id], now)
    return moves


@transaction.atomic
def take_back(*, allocation_id: int, reason: str, actor: Actor, now: datetime) -> Moved:
    """Take a booking back, with what was written off beside it: the line waits again, the place is not sure.

    :raises AllocationNotPossible: when it was taken back before, or later bookings rest on it.
    """
    invoice_id = allocating.invoice_of(allocation_id)
    charges = lock_places_of_invoices([invoice_id])
    allocating.lock_invoice_balances([invoice_id])
    entry_id = allocating.entry_of(allocation_id)
    beside = suggesting.lock_lines_beside(entry_id=entry_id, invoice_ids=[invoice_id])
    moved = allocating.reverse_allocation(allocation_id=allocation_id, reason=reason, actor=actor, now=now)
    repay.fit_promises(lines=[entry_id], actor=actor, now=now)
    follow_money(moved=moved, charges=charges, actor=actor, now=now)
    weigh_beside([*beside, entry_id], now)
    return moved


@transaction.atomic
def release_line(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> HoldRelease:
    """Release a line that a country held, with a reason; a person books it after that.

    :raises ReleaseNotPossible: when nothing holds it, or nobody says why.
    """
    suggested = suggested_bills(entry_id)
    return holding.release_payment(entry_id=entry_id, invoice_ids=suggested, reason=reason, actor=actor, now=now)


@transaction.atomic
def write_off(*, allocation_id: int, reason: str, actor: Actor, now: datetime) -> Moved:
    """Write off what a bill lacks after a payment that was booked before; its places follow.

    :raises WriteOffNotPossible: when it was taken back, nothing is open, or more than the tolerance.
    :raises chancery.domain.billing.services.four_eyes.NeedsAnotherPerson: when the edition asks for another person than
        the one who booked the payment.
    """
    invoice_id = allocating.invoice_of(allocation_id)
    charges = lock_places_of_invoices([invoice_id])
    before = allocating.lock_invoice_balances([invoice_id])[invoice_id].open_minor
    allocation = Allocation.objects.select_related("entry", "invoice__party", "invoice__edition").get(pk=allocation_id)
    row = writing_off.write_rest_off(allocation=allocation, reason=reason, actor=actor, now=now)
    moved = Moved(allocation, allocation.invoice, before, before - row.amount_minor)
    follow_money(moved=moved, charges=charges, actor=actor, now=now)
    weigh_beside(suggesting.lock_lines_beside(entry_id=allocation.entry_id, invoice_ids=[invoice_id]), now)
    return moved


@transaction.atomic
def park_line(*, entry_id: int, note: str, actor: Actor, now: datetime) -> EntryBalance:
    """Leave a line in suspense with a note."""
    return setting_aside.park_entry(entry_id=entry_id, note=note, actor=actor, now=now)


def count_line(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> BankEntry:
    """Say that a line which may be on file already is money of its own, and match it; return the line that counts.

    Where this dies between the two, the next sweep matches it.

    :raises DecisionNotPossible: when it was decided before, or nobody says why.
    """
    counted = contests.count_contested(entry_id=entry_id, reason=reason, actor=actor, now=now)
    settle_accepted_files(now=now)
    return counted


@transaction.atomic
def leave_line_out(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> BankEntry:
    """Say that a line is the one on file, told again: it counts for nothing.

    :raises DecisionNotPossible: when it was decided before, or nobody says why.
    """
    return contests.leave_contested_out(entry_id=entry_id, reason=reason, actor=actor, now=now)


@transaction.atomic
def correct_line(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> EntryCorrection:
    """Say that a line tells the corrected sum of the one on file: the difference is a line of its own.

    What the line on file cannot bear waits for a person, who takes it off its bill or books what was added.

    :raises DecisionNotPossible: when it was decided before, can be no correction, or nobody says why.
    """
    correction = correcting.correct_line(entry_id=entry_id, reason=reason, actor=actor, now=now)
    repay.fit_promises(lines=[correction.contest.entry_id], actor=actor, now=now)
    weigh_beside([correction.contest.entry_id, correction.line_id], now)
    return correction


@transaction.atomic
def undo_correction(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> EntryCorrection:
    """Take a correction back by an opposite line; what the bank told waits for a person again.

    :raises DecisionNotPossible: when it was taken back before, something was booked from it, or nobody says why.
    """
    undone = correcting.undo_correction(entry_id=entry_id, reason=reason, actor=actor, now=now)
    repay.fit_promises(lines=[undone.contest.entry_id], actor=actor, now=now)
    weigh_beside([undone.contest.entry_id], now)
    return undone


@transaction.atomic
def keep_to_return(
    *, entry_id: int, reason: str, is_other_payment: bool = False, actor: Actor, now: datetime
) -> EntryBalance:
    """Set a line, or what is left of it, aside to be given back.

    ``is_other_payment``: it is none of our refunds that came back, of one that may be.

    :raises SettingAsideNotPossible: when nothing is left, or nobody says why.
    """
    return setting_aside.keep_to_return(
        entry_id=entry_id, reason=reason, is_other_payment=is_other_payment, actor=actor, now=now
    )


@transaction.atomic
def book_cost(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> EntryCost:
    """Book a debit as a cost of ours.

    :raises SettingAsideNotPossible: when nothing is left, or nobody says why.
    """
    return setting_aside.book_cost(entry_id=entry_id, reason=reason, actor=actor, now=now)


@transaction.atomic
def join_return(*, debit_id: int, credit_id: int, actor: Actor, now: datetime) -> EntryReturn:
    """Say that a debit took a credit of nobody back, or moved to an account of ours; no bill and no cost is touched.

    :raises SettingAsideNotPossible: when something of them is used, or they are not equal sums of one account or of two
        of ours.
    """
    joined = setting_aside.join_return(debit_id=debit_id, credit_id=credit_id, actor=actor, now=now)
    repay.fit_promises(lines=[credit_id], actor=actor, now=now)
    return joined


@transaction.atomic
def part_return(*, return_id: int, reason: str, actor: Actor, now: datetime) -> EntryReturn:
    """Say that a debit and a credit do not belong together: both lines wait again.

    :raises SettingAsideNotPossible: when it was said before, or nobody says why.
    """
    parted = setting_aside.part_return(return_id=return_id, reason=reason, actor=actor, now=now)
    repay.fit_promises(lines=[parted.credit_id], actor=actor, now=now)
    weigh_beside([parted.credit_id], now)
    return parted


@transaction.atomic
def take_cost_back(*, cost_id: int, reason: str, actor: Actor, now: datetime) -> EntryCost:
    """Take a cost back; the debit waits again.

    :raises SettingAsideNotPossible: when it was taken back before.
    """
    return setting_aside.take_cost_back(cost_id=cost_id, reason=reason, actor=actor, now=now)


def weigh_beside(entry_ids: Sequence[int], now: datetime) -> None:
    """Weigh anew what lines may pay, after an act on one of them or on a bill that they name."""
    book = book_of_bills(ended=list_ended_bills())
    suggesting.weigh_again(entry_ids=entry_ids, book=book, now=now)


def _check_unchanged(entry_id: int, balances: Mapping[int, InvoiceBalance], seen: Seen) -> None:
    if EntryBalance.objects.get(entry=entry_id).left_minor != seen.left_minor:
        raise ChangedMeanwhile(refusal("line_changed"))
    if any(balance.open_minor != seen.open_minor.get(key, 0) for key, balance in balances.items()):
        raise ChangedMeanwhile(refusal("bill_changed"))
