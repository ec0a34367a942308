"""Take over a sum that the bank corrected: the difference to the line on file becomes a line of its own."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from chancery.domain.billing.matching.leavings import may_be_charges
from chancery.domain.billing.models import BankEntry, EntryBalance, EntryConflict, EntryCorrection, Refund
from chancery.domain.billing.policies.correcting import set_against
from chancery.domain.billing.queries.corrections import difference_of, list_corrections
from chancery.domain.billing.services.contests import DecisionNotPossible, decide_contested
from chancery.domain.billing.states import EntryStatus, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import refusal


@transaction.atomic
def correct_line(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> EntryCorrection:
    """Take the sum of a contested line for the bank's correction of the one on file; the line that came stays out.

    The difference is set against what is left of the line on file, and waits for a person beyond that.

    :raises DecisionNotPossible: ``decided_before``, ``reason_missing``, or ``no_correction`` unless it is another sum
        of a line that counts, in its currency.
    """
    contest = EntryConflict.objects.select_related("came", "entry").filter(came=entry_id).first()
    if contest is None:
        raise DecisionNotPossible(refusal("no_correction"))
    balances = _lock([entry_id, contest.entry_id])
    difference = difference_of(contest)
    if not difference:
        raise DecisionNotPossible(refusal("no_correction"))
    decide_contested(entry_id=entry_id, reason=reason, now=now)

    first = balances[contest.entry_id]
    netted = set_against(difference, first.left_minor)
    correction = _write(contest, difference, netted, None, reason, actor, now)
    rest = difference - netted
    waits = WorkState.OUTGOING if rest < 0 else WorkState.SUSPENSE
    _add_balance(correction, netted, waits if rest else WorkState.BOOKED)
    _net(first, netted)
    _record(Event.ENTRY_CORRECTED, correction, reason, actor, now)
    return correction


@transaction.atomic
def undo_correction(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> EntryCorrection:
    """Take a correction back by an opposite row: the line that came is contested again.

    :raises DecisionNotPossible: ``already_taken_back``, ``reason_missing``, ``later_correction`` while a later one of
        the same line stands, or ``correction_used`` once something was booked from it, or refunds left or came back
        with what it made of the line.
    """
    correction = EntryCorrection.objects.select_related("contest__entry", "line").get(line=entry_id)
    contest = correction.contest
    balances = _lock([entry_id, contest.entry_id, contest.came_id or 0])
    if correction.reverses_id or EntryCorrection.objects.filter(reverses=correction).exists():
        raise DecisionNotPossible(refusal("already_taken_back"))
    if not reason.strip():
        raise DecisionNotPossible(refusal("reason_missing"))
    amount, netted = correction.line.amount_minor, correction.netted_minor
    if list_corrections(contest.entry).filter(pk__gt=correction.pk, reverses=None, reversed_by=None).exists():
        raise DecisionNotPossible(refusal("later_correction"))
    first = balances[contest.entry_id]
    bears = netted * first.amount_minor <= 0 or abs(netted) <= abs(first.left_minor)
    if balances[entry_id].left_minor != amount - netted or not bears or _rests_on(first, netted):
        raise DecisionNotPossible(refusal("correction_used"))

    undone = _write(contest, -amount, -netted, correction, reason, actor, now)
    _add_balance(undone, -amount, WorkState.BOOKED)
    _use_up(balances[entry_id])
    _net(first, -netted)
    EntryBalance.objects.filter(entry=contest.came_id).update(work_state=WorkState.CONFLICT)
    EntryConflict.objects.filter(pk=contest.pk).update(settled_at=None)
    _record(Event.CORRECTION_REVERSED, undone, reason, actor, now)
    return undone


def _lock(entry_ids: list[int]) -> dict[int, EntryBalance]:
    rows = EntryBalance.objects.select_for_update().filter(entry__in=entry_ids).order_by("pk")
    return {row.entry_id: row for row in rows.select_related("entry")}


def _write(
    contest: EntryConflict,
    amount: int,
    netted: int,
    reverses: EntryCorrection | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> EntryCorrection:
    """Write the difference as a line as the bank told it, under an identity that no statement has."""
    came = contest.came or contest.entry
    name = f"correction:{contest.pk}:{EntryCorrection.objects.filter(contest=contest).count()}"
    columns = {field.attname: getattr(came, field.attname) for field in BankEntry._meta.concrete_fields}
    own = {"id": None, "identity": name, "anchor": name, "status": EntryStatus.BOOKED, "amount_minor": amount}
    against = amount * contest.entry.amount_minor < 0
    line = BankEntry.objects.create(**{**columns, **own, "reversal": came.reversal or against})
    return EntryCorrection.objects.create(
        contest=contest,
        line=line,
        netted_minor=netted,
        reverses=reverses,
        reason=reason.strip()[:300],
        actor=actor.reference,
        at=now,
    )


def _add_balance(correction: EntryCorrection, used: int, where: WorkState) -> None:
    line = correction.line
    EntryBalance.objects.create(
        entry=line, amount_minor=line.amount_minor, returned_minor=used, work_state=where, reasons=["corrected"]
    )


def _net(first: EntryBalance, netted: int) -> None:
    """Set a part of the line on file against a difference, or let it be free again."""
    if netted:
        first.returned_minor -= netted
        waits = WorkState.OUTGOING if first.amount_minor < 0 else WorkState.SUSPENSE
        if not first.left_minor:
            first.work_state = WorkState.BOOKED
        elif first.work_state == WorkState.BOOKED:
            first.work_state = waits
        first.save(update_fields=["returned_minor", "work_state"])


def _rests_on(first: EntryBalance, netted: int) -> bool:
    """Tell whether refunds named at a line would not be it without a correction, or leave more than charges of it."""
    came_back = bool(netted) and Refund.objects.filter(came_back=first.entry_id).exists()
    left = not may_be_charges(netted, is_named=False) and Refund.objects.filter(debit=first.entry_id).exists()
    return came_back or left


def _use_up(balance: EntryBalance) -> None:
    EntryBalance.objects.filter(pk=balance.pk).update(returned_minor=F("amount_minor"), work_state=WorkState.BOOKED)


def _record(event: Event, correction: EntryCorrection, reason: str, actor: Actor, now: datetime) -> None:
    facts = {
        "entry": correction.contest.entry_id,
        "line": correction.line_id,
        "amount_minor": correction.line.amount_minor,
    }
    record(event, actor=actor, subject=correction, now=now, facts=facts, personal={"note": reason.strip()})
