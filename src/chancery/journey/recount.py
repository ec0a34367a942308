"""The step of money that is read after its place has ended, but was paid before: the terms count it all the same (C3).

What stays by the terms is billed and paid by it, what goes back is proposed to a second person. Who was wrong takes it
back.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.billing.models import BankEntry, Invoice, InvoiceLine
from chancery.domain.billing.queries.bank import find_line, list_allocations
from chancery.domain.billing.queries.refunds import list_owed, list_promise
from chancery.domain.billing.services import allocating, crediting, keeping, suggesting
from chancery.domain.billing.services.allocating import TakenBack
from chancery.domain.billing.services.crediting import ToCredit
from chancery.domain.billing.states import KEPT_OF, CreditReason, EntryStatus
from chancery.domain.enrollment.mails.notices import difference_mail, difference_undone_mail
from chancery.domain.enrollment.models import CancellationNotice, DifferenceUndone, NoticeDifference
from chancery.domain.enrollment.policies.recounting import Recount, recount
from chancery.domain.enrollment.queries.differences import (
    counted_later,
    find_difference,
    list_differences,
    list_notices_paid_by,
)
from chancery.domain.enrollment.services.differences import keep_difference, undo_difference
from chancery.domain.enrollment.services.places import lock_place
from chancery.domain.programme.policies import refund_due_on
from chancery.foundation.audit.actors import Actor
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import Refused, refusal
from chancery.journey import reconcile, repay
from chancery.journey.reconcile import Part

__all__ = ["CountStands", "Counts", "NothingCounts", "count_as_paid", "list_counts", "take_count_back"]


class NothingCounts(Refused):
    """Nothing of the line counts as paid by that notice (any more)."""


class CountStands(Refused):
    """What was counted as paid by a notice cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Counts:
    """That money of a line counts as paid by a notice, for a line of its bill."""

    notice: CancellationNotice
    line: InvoiceLine
    credit_note: Invoice
    sums: Recount


def list_counts(entry: BankEntry) -> list[Counts]:
    """Return by which notices what is left of a credit counts as paid, where the terms keep a share of that.

    What a credit note has promised back of it has counted already.
    """
    if entry.status != EntryStatus.BOOKED or entry.balance.left_minor <= 0:
        return []
    counted = sum(each.owed_minor for each in list_owed(entry.pk) if each.credit_note)
    free_minor = entry.balance.left_minor - counted
    found = [_counts(free_minor, notice, line) for notice, line in list_notices_paid_by(entry)]
    return [each for each in found if each.sums.kept_minor]


@transaction.atomic
def count_as_paid(*, entry_id: int, notice_id: int, actor: Actor, now: datetime) -> NoticeDifference:
    """Count what is left of a credit as paid by a notice that took effect before the statement was read.

    :raises NothingCounts: ``nothing_counts`` when it does not name the bill, came later, or is used by now.
    :raises CreditNotPossible: when the bill over what stays lacks what it must say.
    :raises HeldForACheck: when a country of the edition's list is in it and nobody released the line.
    """
    place = lock_place(CancellationNotice.objects.values_list("place_id", flat=True).get(pk=notice_id))
    entry = find_line(entry_id)
    counts = next((each for each in list_counts(entry) if each.notice.pk == notice_id), None) if entry else None
    if entry is None or counts is None:
        raise NothingCounts(refusal("nothing_counts"))
    sums, zone = counts.sums, ZoneInfo(place.edition.time_zone)
    by_terms = refund_due_on(counts.notice.counts_from, frozen_rule(place.application), zone)
    due_on = max(by_terms, local_day(now, zone))

    bill = keeping.bill_kept(
        line=counts.line,
        kept_minor=sums.kept_minor,
        profile=keeping.profile_of_kept(counts.line),
        people=[place.person],
        actor=actor,
        now=now,
    )
    why = f"{KEPT_OF}{counts.line.invoice.number}"
    reconcile.book_line(entry_id=entry_id, parts=[Part(bill.pk, sums.kept_minor)], reason=why, actor=actor, now=now)
    freed = [TakenBack(entry_id, sums.back_minor)] if sums.back_minor else []
    repay.propose_for_credit(freed=freed, credit_note=counts.credit_note, due_on=due_on, actor=actor, now=now)
    row = keep_difference(
        notice=counts.notice,
        line=counts.line,
        entry=entry,
        bill=bill,
        sums=sums,
        refund_due_on=due_on,
        actor=actor,
        now=now,
    )
    queue_mail(difference_mail(row), now=now)
    return row


@transaction.atomic
def take_count_back(*, difference_id: int, reason: str, actor: Actor, now: datetime) -> DifferenceUndone:
    """Say that money does not count as paid by a notice after all; it waits at its line, and may be counted anew.

    The bill over what stayed is credited, and what was promised back falls. Whoever read of either reads this.

    :raises CountStands: ``count_taken_back``, ``reason_missing``, or ``later_counts`` while what was counted after it
        keeps a cent more or less for that.
    :raises chancery.domain.billing.services.refunding.RefundNotPossible: when the refund was approved or left, or its
        money is used.
    :raises AllocationNotPossible: when the bank took the money back from that bill.
    :raises CreditNotPossible: when other money stands on that bill.
    """
    place = lock_place(NoticeDifference.objects.values_list("notice__place", flat=True).get(pk=difference_id))
    row = find_difference(difference_id)
    if hasattr(row, "undone"):
        raise CountStands(refusal("count_taken_back"))
    if not reason.strip():
        raise CountStands(refusal("reason_missing"))
    if _changes_later(row):
        raise CountStands(refusal("later_counts"))
    allocating.lock_invoice_balances([row.bill_id])
    beside = suggesting.lock_lines_beside(entry_id=row.entry_id, invoice_ids=[row.bill_id])

    for booking in list_allocations(row.entry).filter(invoice=row.bill, amount_minor__gt=0, reversed_by=None):
        allocating.reverse_allocation(allocation_id=booking.pk, reason=reason, actor=actor, now=now)
    line = row.bill.lines.get()
    note = crediting.issue_credit_note(
        invoice_id=row.bill_id,
        lines=[ToCredit(line, line.gross_minor, 0)],
        reason=CreditReason.ISSUED_WRONGLY,
        people=[place.person],
        actor=actor,
        now=now,
    )
    promise = list_promise(
        entry_id=row.entry_id,
        credit_note=row.line.credit.credit_line.invoice,
        amount_minor=row.back_minor,
        due_on=row.refund_due_on,
    )
    repay.withdraw_promise(promise=promise, actor=actor, now=now)
    undone = undo_difference(row=row, credit_note=note, reason=reason, actor=actor, now=now)
    queue_mail(difference_undone_mail(undone), now=now)
    reconcile.weigh_beside([*beside, row.entry_id], now)
    return undone


def _counts(free_minor: int, notice: CancellationNotice, line: InvoiceLine) -> Counts:
    credit = line.credit
    sums = recount(
        free_minor,
        before_minor=_counted(notice, line) + counted_later(notice, line),
        owed_minor=credit.kept_minor + credit.credit_line.gross_minor,
        rate=notice.rate,
    )
    return Counts(notice, line, credit.credit_line.invoice, sums)


def _changes_later(row: NoticeDifference) -> bool:
    """Tell whether what was counted after a difference would keep another sum without it."""
    notice, line = row.notice, row.line
    before = _counted(notice, line)
    for each in list_differences(notice).filter(line=line, undone=None).exclude(pk=row.pk):
        came = each.counted_minor
        alone = recount(came, before_minor=before, owed_minor=before + came, rate=notice.rate)
        if each.pk > row.pk and alone.kept_minor != each.kept_minor:
            return True
        before += came
    return False


def _counted(notice: CancellationNotice, line: InvoiceLine) -> int:
    """Return what the notice counted as paid of a line when it took effect.

    Where one bill asked for the fee, that is its own sum: money booked later to a colleague on that bill is theirs.
    """
    if len(notice.credit_notes) == 1:
        return notice.paid_minor
    zone = ZoneInfo(notice.place.edition.time_zone)
    return max(crediting.received_at(line=line, instant=notice.counts_from, zone=zone), 0)
