"""The line of a statement with which refunds left: one by its reference, or what a person names, one or several."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from chancery.domain.billing.matching.leavings import may_be_charges
from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, Refund, RefundBatch
from chancery.domain.billing.queries.corrections import is_corrected_beside
from chancery.domain.billing.queries.leavings import has_left, is_free_debit, is_sure_leaving, list_leaving_together
from chancery.domain.billing.references import refund_references_in
from chancery.domain.billing.services.refund_lines import facts_of, lock_refunds, sum_of, take_again
from chancery.domain.billing.services.refunding import RefundNotPossible
from chancery.domain.billing.services.setting_aside import book_cost_beside, take_cost_back
from chancery.domain.billing.states import RefundState, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import refusal


@transaction.atomic
def see_refund_leave(*, refund_id: int, debit: BankEntry, actor: Actor, now: datetime) -> bool:
    """Close a refund with the line of the statement that shows it leaving; False where it is not sent by that.

    One that came back before its leaving was read stays failed: its line is only taken for what it is. One that
    somebody called failed by hand is sent after all, as long as its money still waits.
    """
    (refund,), lines = lock_refunds(refund_ids=[refund_id], entry_id=debit.pk)
    if lines[debit.pk].left_minor != -refund.amount_minor or _why_it_did_not_leave(refund):
        return False
    return bool(_leave([refund], lines, debit, actor, now))


@transaction.atomic
def name_leaving(
    *, refund_ids: Collection[int], entry_id: int, reason: str, actor: Actor, now: datetime
) -> list[Refund]:
    """Take a debit for refunds that left with it: one otherwise than to the cent and under its reference, or several.

    All of them or none. What exceeds them, such as the bank's charges, is a cost of ours for ``reason``. Return those
    that are sent by that; one that had come back is not.

    :raises RefundNotPossible: ``none_named``, ``seen_leaving``, ``not_approved``, ``taken_over``, ``line_is_used``,
        ``other_account`` where a file of another account of ours holds one, ``less_left``, ``more_left``,
        ``other_named`` where the line bears the reference of another refund that no line shows leaving, or
        ``reason_missing``.
    """
    refunds, lines = lock_refunds(refund_ids=refund_ids, entry_id=entry_id)
    debit = lines[entry_id]
    if why := _why_they_did_not_leave(refunds) or _why_not_that_line(refunds, debit):
        raise RefundNotPossible(refusal(why))
    exceeds = -debit.left_minor - sum_of(refunds)
    if exceeds and not reason.strip():
        raise RefundNotPossible(refusal("reason_missing"))

    sent = _leave(refunds, lines, debit.entry, actor, now)
    if exceeds:
        book_cost_beside(entry_id=entry_id, amount_minor=exceeds, reason=reason, actor=actor, now=now)
    return sent


@transaction.atomic
def undo_leaving(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> list[Refund]:
    """Say that the refunds named at a line did not leave with it: they are to be paid again, and the line waits.

    What was booked as a cost beside them is taken back. A refund of a file is with the bank again.

    :raises RefundNotPossible: ``not_sent`` unless the line shows refunds leaving and none of them came back,
        ``surely_left`` where the line bears the reference and the sum of its refund, ``later_correction`` while a
        difference by which the bank corrected it since waits beside it, or ``reason_missing``.
    """
    named = Refund.objects.filter(debit=entry_id)
    refunds, lines = lock_refunds(refund_ids=named.values_list("pk", flat=True), entry_id=entry_id)
    debit = lines[entry_id]
    if not refunds or {*refunds} != {*named} or any(each.state != RefundState.SENT for each in refunds):
        raise RefundNotPossible(refusal("not_sent"))
    if any(is_sure_leaving(refund, debit.entry) for refund in refunds):
        raise RefundNotPossible(refusal("surely_left"))
    if is_corrected_beside(debit.entry):
        raise RefundNotPossible(refusal("later_correction"))
    if not reason.strip():
        raise RefundNotPossible(refusal("reason_missing"))

    for cost in EntryCost.objects.filter(entry=entry_id, reverses=None, reversed_by=None):
        take_cost_back(cost_id=cost.pk, reason=reason, actor=actor, now=now)
    for refund in refunds:
        refund.state = RefundState.EXPORTED if refund.batch_id else RefundState.APPROVED
        refund.debit = None
        refund.save(update_fields=["state", "debit"])
        _record(Event.REFUND_LEAVING_UNDONE, refund, debit.entry, actor, now)
    EntryBalance.objects.filter(pk=debit.pk).update(
        returned_minor=F("returned_minor") + sum_of(refunds), work_state=WorkState.OUTGOING, note=reason.strip()[:300]
    )
    return refunds


def _why_they_did_not_leave(refunds: Sequence[Refund]) -> str:
    """Return why no line shows these refunds leaving together; blank where one may."""
    if not refunds:
        return "none_named"
    return next((why for refund in refunds if (why := _why_it_did_not_leave(refund))), "")


def _why_it_did_not_leave(refund: Refund) -> str:
    """Return why no line shows this refund leaving; blank where one may."""
    if refund.debit_id:
        return "seen_leaving"
    if refund.came_back_id or refund.state in {RefundState.APPROVED, RefundState.EXPORTED}:
        return ""
    if refund.state != RefundState.FAILED:
        return "not_approved"
    return "taken_over" if refund.is_taken_over else ""


def _why_not_that_line(refunds: Sequence[Refund], debit: EntryBalance) -> str:
    """Return why a line cannot be the one with which these refunds left; blank where it may be."""
    entry = debit.entry
    if not is_free_debit(entry):
        return "line_is_used"
    if RefundBatch.objects.filter(refunds__in=refunds).exclude(account=entry.account_id).exists():
        return "other_account"
    exceeds = -debit.left_minor - sum_of(refunds)
    if exceeds < 0 or {refund.currency for refund in refunds} != {entry.currency}:
        return "less_left"
    told = refund_references_in(entry.end_to_end_id, entry.remittance)
    files = [set(each.refunds) for each in list_leaving_together(entry).files]
    twice = _paid_twice(refunds, told, files, exceeds)
    if _names_another(told, [*refunds, *twice]):
        return "other_named"
    is_named = any(refund.end_to_end_id in told for refund in refunds)
    is_charges = may_be_charges(exceeds - sum_of(twice), is_named=is_named)
    return "more_left" if not is_charges or (exceeds and _are_part([*refunds, *twice], files)) else ""


def _paid_twice(
    refunds: Iterable[Refund], references: Collection[str], files: Iterable[set[int]], exceeds: int
) -> list[Refund]:
    """Return the refunds beside some that a debit names, or of whose file it is the sum, and that left once more.

    Somebody called them failed and paid them anew; where what exceeds the others holds them, they are a cost with it.
    """
    named = Refund.objects.filter(Q(end_to_end_id__in=references) | Q(pk__in=set().union(*files)), debit=None)
    found = [each for each in named.exclude(pk__in=[refund.pk for refund in refunds]) if has_left(each)]
    return found if sum_of(found) <= exceeds else []


def _names_another(references: Collection[str], refunds: Iterable[Refund]) -> bool:
    """Tell whether one of some references is of a refund that no line shows leaving, and whose promise is not theirs.

    A refund proposed anew has the promise of the one that it replaces.
    """
    theirs, before = set[int](), {refund.pk for refund in refunds}
    while before:
        theirs |= before
        before = set(Refund.objects.filter(replaced_by__in=before).values_list("pk", flat=True))
    return Refund.objects.filter(end_to_end_id__in=references, debit=None).exclude(pk__in=theirs).exists()


def _are_part(refunds: Iterable[Refund], files: Iterable[set[int]]) -> bool:
    """Tell whether refunds are some of a file of which a debit is the sum: the others of it are no charges."""
    keys = {refund.pk for refund in refunds}
    return any(keys & each and not each <= keys for each in files)


def _leave(
    refunds: Sequence[Refund], lines: Mapping[int, EntryBalance], debit: BankEntry, actor: Actor, now: datetime
) -> list[Refund]:
    """Join refunds with their debit; return those that are sent by that: one that had come back before is not."""
    sent = [refund for refund in refunds if refund.came_back_id is None]
    for refund in refunds:
        if refund.state == RefundState.FAILED and refund in sent:
            take_again(balance=lines[refund.entry_id], refund=refund)
        refund.state, refund.debit = RefundState.SENT if refund in sent else RefundState.FAILED, debit
        refund.save(update_fields=["state", "debit"])
        event = Event.REFUND_SENT if refund in sent else Event.REFUND_DEBIT_SEEN
        _record(event, refund, debit, actor, now)
    EntryBalance.objects.filter(entry=debit).update(
        returned_minor=F("returned_minor") - sum_of(refunds), work_state=WorkState.BOOKED
    )
    return sent


def _record(event: Event, refund: Refund, debit: BankEntry, actor: Actor, now: datetime) -> None:
    record(event, actor=actor, subject=refund, now=now, facts=facts_of(debit, -refund.amount_minor))
