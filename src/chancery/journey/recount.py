"""The step of money that is read after its place has ended, but was paid before: the terms count it all the same (C3).

What stays by the terms is billed and paid by it, what goes back is proposed to a second person.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.billing.models import BankEntry, Invoice, InvoiceLine
from chancery.domain.billing.queries.bank import find_line
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.services import crediting, keeping
from chancery.domain.billing.services.allocating import TakenBack
from chancery.domain.billing.states import EntryStatus
from chancery.domain.enrollment.mails.notices import difference_mail
from chancery.domain.enrollment.models import CancellationNotice, NoticeDifference
from chancery.domain.enrollment.policies.recounting import Recount, recount
from chancery.domain.enrollment.queries.differences import counted_later, list_notices_paid_by
from chancery.domain.enrollment.services.differences import keep_difference
from chancery.domain.enrollment.services.places import lock_place
from chancery.domain.programme.policies import refund_due_on
from chancery.foundation.audit.actors import Actor
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import Refused, refusal
from chancery.journey import reconcile, repay
from chancery.journey.reconcile import Part

__all__ = ["Counts", "NothingCounts", "count_as_paid", "list_counts"]


class NothingCounts(Refused):
    """Nothing of the line counts as paid by that notice (any more)."""


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
    why = f"kept of {counts.line.invoice.number}"
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


def _counts(free_minor: int, notice: CancellationNotice, line: InvoiceLine) -> Counts:
    credit = line.credit
    sums = recount(
        free_minor,
        before_minor=_counted(notice, line) + counted_later(notice, line),
        owed_minor=credit.kept_minor + credit.credit_line.gross_minor,
        rate=notice.rate,
    )
    return Counts(notice, line, credit.credit_line.invoice, sums)


def _counted(notice: CancellationNotice, line: InvoiceLine) -> int:
    """Return what the notice counted as paid of a line when it took effect.

    Where one bill asked for the fee, that is its own sum: money booked later to a colleague on that bill is theirs.
    """
    if len(notice.credit_notes) == 1:
        return notice.paid_minor
    zone = ZoneInfo(notice.place.edition.time_zone)
    return max(crediting.received_at(line=line, instant=notice.counts_from, zone=zone), 0)
