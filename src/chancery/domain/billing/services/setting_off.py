"""Let what is promised back of a line fit the money that it holds, whatever an act did to either."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from chancery.domain.billing.models import Allocation, EntryBalance, Refund, SetOff
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.states import RefundState, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def fit_promises(*, entry_id: int, booked: Sequence[Allocation] = (), actor: Actor, now: datetime) -> list[SetOff]:
    """Set promises of a line off, or let them be owed again, until they fit what is left of it; return the new rows.

    What was set off against a booking stands until that is taken back, and as long as its money is on that bill or is
    promised back by a credit note of it. What the line did not hold is owed again when it does. What it lacks is set
    off against what was ``booked`` of it just now, and against nothing beyond that. Money that nobody was promised goes
    first.
    """
    balance = EntryBalance.objects.select_for_update().get(entry=entry_id)
    rows = [*_owed_by_bookings(entry_id), *_owed_by_the_line(balance), *_set_off(balance, booked)]
    if sum(row.amount_minor for row in rows) < 0:
        EntryBalance.objects.filter(pk=balance.pk).update(work_state=WorkState.GIVE_BACK)
    for row in rows:
        _record(row, actor, now)
    return rows


def _owed_by_bookings(entry_id: int) -> list[SetOff]:
    """Let be owed again what was set off against money that is no longer where it was booked, the latest first."""
    against = SetOff.objects.filter(refund__entry=entry_id, allocation__isnull=False).order_by("-pk")
    taken_back = against.filter(allocation__reversed_by__isnull=False)
    rows = _owe(taken_back, _sum(taken_back))
    for bill in set(against.order_by().values_list("allocation__invoice", flat=True)):
        of_bill = against.filter(allocation__invoice=bill)
        rows += _owe(of_bill, _sum(of_bill) - _stands(entry_id, bill))
    return rows


def _stands(entry_id: int, bill: int) -> int:
    """Return what of a line was set free by credit notes of a bill or is on it still."""
    promised = Refund.objects.filter(entry=entry_id, credit_note__corrects=bill, replaces=None)
    promised = promised.exclude(state=RefundState.WITHDRAWN)
    return _sum(Allocation.objects.filter(entry=entry_id, invoice=bill)) + _sum(promised)


def _owed_by_the_line(balance: EntryBalance) -> list[SetOff]:
    """Let be owed again what the line did not hold, as far as it does now."""
    lost = SetOff.objects.filter(refund__entry=balance.entry_id, allocation=None).order_by("-pk")
    return _owe(lost, min(_sum(lost), balance.left_minor - _owed(balance.entry_id)))


def _owe(rows: Iterable[SetOff], minor: int) -> list[SetOff]:
    """Take set-offs back by negative rows, up to a sum."""
    standing = Counter[tuple[int, int | None]]()
    for row in rows:
        standing[row.refund_id, row.allocation_id] += row.amount_minor
    back = []
    for (refund, allocation), stands in standing.items():
        part = min(stands, minor)
        if part > 0:
            back.append(SetOff.objects.create(refund_id=refund, allocation_id=allocation, amount_minor=-part))
            minor -= part
    return back


def _set_off(balance: EntryBalance, booked: Sequence[Allocation]) -> list[SetOff]:
    """Set off what the line lacks: against bookings as far as they go, and without a bill beyond that."""
    missing = _owed(balance.entry_id) - max(balance.left_minor, 0)
    rows = list[SetOff]()
    for allocation in booked:
        against = _against(allocation, balance.entry_id, min(allocation.amount_minor, missing))
        missing -= sum(row.amount_minor for row in against)
        rows += against
    return [*rows, *_against(None, balance.entry_id, missing)]


def _against(allocation: Allocation | None, entry_id: int, minor: int) -> list[SetOff]:
    rows = []
    for refund in list_owed(entry_id) if minor > 0 else ():
        part = min(refund.owed_minor, minor)
        if part:
            rows.append(SetOff.objects.create(refund=refund, allocation=allocation, amount_minor=part))
            minor -= part
    return rows


def _owed(entry_id: int) -> int:
    return sum(each.owed_minor for each in list_owed(entry_id))


def _sum(rows: QuerySet[Any]) -> int:
    return rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def _record(row: SetOff, actor: Actor, now: datetime) -> None:
    event = Event.REFUND_SET_OFF if row.allocation else Event.REFUND_MONEY_GONE
    if row.amount_minor < 0:
        event = Event.REFUND_OWED_AGAIN
    facts = {"amount_minor": abs(row.amount_minor), "currency": row.refund.currency}
    facts |= {"invoice": row.allocation.invoice_id} if row.allocation else {}
    record(event, actor=actor, subject=row.refund, now=now, facts=facts)
