"""What statements show of a refund: the line with which it left, and the line with which the bank sent it back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from chancery.domain.billing.matching.leavings import may_be_charges
from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, Refund, RefundBatch
from chancery.domain.billing.queries.corrections import is_corrected_beside
from chancery.domain.billing.queries.leavings import is_free_debit, is_sure_leaving, list_leaving_together
from chancery.domain.billing.queries.refunds import is_free_credit, is_sure_return
from chancery.domain.billing.references import refund_references_in
from chancery.domain.billing.services.refunding import RefundNotPossible
from chancery.domain.billing.services.setting_aside import book_cost_beside, take_cost_back
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
    (refund,), lines = _lock([refund_id], debit.pk)
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
    refunds, lines = _lock(refund_ids, entry_id)
    debit = lines[entry_id]
    if why := _why_they_did_not_leave(refunds) or _why_not_that_line(refunds, debit):
        raise RefundNotPossible(refusal(why))
    exceeds = -debit.left_minor - _sum(refunds)
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
    refunds, lines = _lock(list(named.values_list("pk", flat=True)), entry_id)
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
        returned_minor=F("returned_minor") + _sum(refunds), work_state=WorkState.OUTGOING, note=reason.strip()[:300]
    )
    return refunds


@transaction.atomic
def take_refund_back(*, refund_id: int, entry_id: int, actor: Actor, now: datetime) -> Refund:
    """Take a credit for a refund that came back: the refund has failed, its money waits at its first line again.

    What the bank kept of it is a cost at the line with which it left. A refund that somebody called failed by hand is
    only joined with the line: its money waits already.

    :raises RefundNotPossible: ``never_left`` unless a file held it or a line showed it leaving, and nothing came back
        before; ``line_is_used`` unless the whole credit is free, ``not_that_sum`` when currency or sum cannot be it,
        ``leaving_not_read`` when charges were kept and no line shows it leaving.
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


@transaction.atomic
def undo_coming_back(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> Refund:
    """Say that a refund did not come back with the line named for it: it has left after all, and the line waits.

    Its money is taken from its first line again, and what was booked as kept by the bank is no cost. Where no line
    shows it leaving it is with the bank again.

    :raises RefundNotPossible: ``not_come_back`` unless a refund came back with the line, ``surely_came_back`` where the
        line bears its reference and its sum, ``taken_over`` where its money was proposed anew, set off or booked since,
        ``line_is_used`` where what the bank kept was booked otherwise since, or ``reason_missing``.
    """
    refund, lines = _lock_returned(entry_id)
    if is_sure_return(refund, lines[entry_id].entry):
        raise RefundNotPossible(refusal("surely_came_back"))
    if refund.owed_minor < refund.amount_minor:
        raise RefundNotPossible(refusal("taken_over"))
    if not reason.strip():
        raise RefundNotPossible(refusal("reason_missing"))

    credit = lines[entry_id]
    if refund.debit_id:
        _take_kept_back(refund.debit_id, refund.amount_minor - credit.amount_minor, reason, actor, now)
    _take_again(lines[refund.entry_id], refund)
    refund.state, refund.came_back = RefundState.SENT if refund.debit_id else RefundState.EXPORTED, None
    refund.save(update_fields=["state", "came_back"])
    EntryBalance.objects.filter(pk=credit.pk).update(
        returned_minor=F("returned_minor") - credit.amount_minor,
        work_state=WorkState.SUSPENSE,
        note=reason.strip()[:300],
    )
    _record(Event.REFUND_COMING_BACK_UNDONE, refund, credit.entry, actor, now)
    return refund


def _lock(refund_ids: Collection[int], debit_id: int) -> tuple[list[Refund], dict[int, EntryBalance]]:
    """Return refunds, and the balances of their first lines and of a debit by line: locked in the order of the house.

    :raises Refund.DoesNotExist: when there is none of one of these ids.
    """
    firsts = set(Refund.objects.filter(pk__in=refund_ids).values_list("entry_id", flat=True))
    rows = EntryBalance.objects.select_for_update().filter(entry__in={*firsts, debit_id}).order_by("pk")
    lines = {balance.entry_id: balance for balance in rows.select_related("entry")}
    refunds = list(Refund.objects.select_for_update(of=("self",)).filter(pk__in=refund_ids).order_by("pk"))
    if len(refunds) != len({*refund_ids}):
        raise Refund.DoesNotExist
    return refunds, lines


def _lock_returned(entry_id: int) -> tuple[Refund, dict[int, EntryBalance]]:
    """Return the refund that came back with a line, and the balances of that line, its first one and its debit.

    :raises RefundNotPossible: when none came back with it.
    """
    came = Refund.objects.filter(came_back=entry_id)
    told = came.values_list("pk", "entry_id", "debit_id").first()
    if told is None:
        raise RefundNotPossible(refusal("not_come_back"))
    rows = EntryBalance.objects.select_for_update().filter(entry__in=[entry_id, *filter(None, told[1:])])
    lines = {balance.entry_id: balance for balance in rows.order_by("pk").select_related("entry")}
    refund = came.select_for_update(of=("self",)).filter(pk=told[0], debit=told[2]).first()
    if refund is None:
        raise RefundNotPossible(refusal("not_come_back"))
    return refund, lines


def _sum(refunds: Iterable[Refund]) -> int:
    return sum(refund.amount_minor for refund in refunds)


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
    exceeds = -debit.left_minor - _sum(refunds)
    if exceeds < 0 or {refund.currency for refund in refunds} != {entry.currency}:
        return "less_left"
    told = refund_references_in(entry.end_to_end_id, entry.remittance)
    if _names_another(told, refunds):
        return "other_named"
    is_named = any(refund.end_to_end_id in told for refund in refunds)
    if not may_be_charges(exceeds, is_named=is_named) or (exceeds and _is_part_of_file(refunds, entry)):
        return "more_left"
    return ""


def _names_another(references: Collection[str], refunds: Iterable[Refund]) -> bool:
    """Tell whether one of some references is of a refund that no line shows leaving, and whose promise is not theirs.

    A refund proposed anew has the promise of the one that it replaces.
    """
    theirs, before = set[int](), {refund.pk for refund in refunds}
    while before:
        theirs |= before
        before = set(Refund.objects.filter(replaced_by__in=before).values_list("pk", flat=True))
    return Refund.objects.filter(end_to_end_id__in=references, debit=None).exclude(pk__in=theirs).exists()


def _is_part_of_file(refunds: Iterable[Refund], debit: BankEntry) -> bool:
    """Tell whether refunds are some of a file of which a debit is the sum: the others of it are no charges."""
    keys = {refund.pk for refund in refunds}
    files = [set(each.refunds) for each in list_leaving_together(debit).files]
    return any(keys & each and not each <= keys for each in files)


def _leave(
    refunds: Sequence[Refund], lines: Mapping[int, EntryBalance], debit: BankEntry, actor: Actor, now: datetime
) -> list[Refund]:
    """Join refunds with their debit; return those that are sent by that: one that had come back before is not."""
    sent = [refund for refund in refunds if refund.came_back_id is None]
    for refund in refunds:
        if refund.state == RefundState.FAILED and refund in sent:
            _take_again(lines[refund.entry_id], refund)
        refund.state, refund.debit = RefundState.SENT if refund in sent else RefundState.FAILED, debit
        refund.save(update_fields=["state", "debit"])
        event = Event.REFUND_SENT if refund in sent else Event.REFUND_DEBIT_SEEN
        _record(event, refund, debit, actor, now)
    EntryBalance.objects.filter(entry=debit).update(
        returned_minor=F("returned_minor") - _sum(refunds), work_state=WorkState.BOOKED
    )
    return sent


def _take_again(balance: EntryBalance, refund: Refund) -> None:
    """Take the money of a refund that was called failed from its line again."""
    if balance.left_minor == refund.amount_minor:
        balance.work_state = WorkState.BOOKED
    balance.returned_minor += refund.amount_minor
    balance.save(update_fields=["returned_minor", "work_state"])


def _check(refund: Refund, credit: EntryBalance) -> None:
    went = refund.batch_id is not None or refund.debit_id is not None
    if not went or refund.came_back_id is not None:
        raise RefundNotPossible(refusal("never_left"))
    entry = credit.entry
    if not is_free_credit(entry):
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
        book_cost_beside(entry_id=refund.debit_id, amount_minor=kept, reason=KEPT_BY_THE_BANK, actor=actor, now=now)


def _take_kept_back(debit_id: int, kept: int, reason: str, actor: Actor, now: datetime) -> None:
    """Say that the bank kept nothing of a refund after all, whose debit is as it was before that.

    :raises RefundNotPossible: ``line_is_used`` when the cost was taken back and its sum booked otherwise since.
    """
    if not kept:
        return
    costs = EntryCost.objects.filter(entry=debit_id, amount_minor=-kept, reason=KEPT_BY_THE_BANK)
    for cost in costs.filter(reverses=None, reversed_by=None)[:1]:
        take_cost_back(cost_id=cost.pk, reason=reason, actor=actor, now=now)
    balance = EntryBalance.objects.get(entry=debit_id)
    if balance.left_minor > -kept:
        raise RefundNotPossible(refusal("line_is_used"))
    balance.returned_minor -= kept
    balance.work_state = WorkState.BOOKED if not balance.left_minor else balance.work_state
    balance.save(update_fields=["returned_minor", "work_state"])


def _record(event: Event, refund: Refund, line: BankEntry, actor: Actor, now: datetime) -> None:
    """Tell the trail what left or came back of a refund: a debit may be several, and the bank may keep some of one."""
    minor = line.amount_minor if line.amount_minor > 0 else -refund.amount_minor
    facts = {"amount_minor": minor, "currency": line.currency, "entry": line.pk}
    record(event, actor=actor, subject=refund, now=now, facts=facts)
