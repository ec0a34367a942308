"""The line of a statement with which the bank sent refunds back: one, or several that went together."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, Refund
from chancery.domain.billing.queries.coming_back import is_free_credit, is_sure_return, left_from
from chancery.domain.billing.queries.corrections import named_minor, waits_beside
from chancery.domain.billing.references import refund_references_in
from chancery.domain.billing.services.leavings import see_refund_leave
from chancery.domain.billing.services.left_twice import join_with_cost, list_left_as_costs, part_from_debit
from chancery.domain.billing.services.refund_lines import facts_of, lock_refunds, sum_of, take_again
from chancery.domain.billing.services.refunding import RefundNotPossible
from chancery.domain.billing.services.setting_aside import book_cost_beside, take_cost_back
from chancery.domain.billing.states import EntryStatus, Noted, RefundState, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import refusal


@transaction.atomic
def name_coming_back(*, refund_ids: Collection[int], entry_id: int, actor: Actor, now: datetime) -> list[Refund]:
    """Take a credit for refunds that came back: they have failed, and their money waits at their first lines again.

    All of them or none. What the bank kept is a cost at the debit with which they left. One that somebody called
    failed by hand is only joined with the line: its money waits already. Where it was a cost because it left twice, it
    is none any more: that is the debit with which it left.

    :raises RefundNotPossible: ``none_named``; ``never_left`` unless a file held each or a line showed it leaving, and
        nothing came back of it before; ``line_is_used`` unless the whole credit is free; ``left_elsewhere`` where one
        left from another account of ours; ``not_that_sum`` where it is
        more than they are or of another currency, ``less_came`` where the bank would have kept all of one;
        ``other_named`` where the line bears the reference of another refund that may have come back; ``not_together``
        unless they left with one debit, or whole in one file; ``leaving_not_read`` where charges were kept and no line
        shows them leaving.
    """
    refunds, lines = lock_refunds(refund_ids=refund_ids, entry_id=entry_id)
    credit = lines[entry_id]
    if why := _why_they_did_not_come_back(refunds) or _why_not_that_line(refunds, credit):
        raise RefundNotPossible(refusal(why))
    kept = sum_of(refunds) - credit.left_minor

    for refund in refunds:
        refund.called_failed = refund.state == RefundState.FAILED
        if not refund.called_failed:
            EntryBalance.objects.filter(entry=refund.entry_id).update(
                returned_minor=F("returned_minor") - refund.amount_minor, work_state=WorkState.GIVE_BACK
            )
        refund.state, refund.came_back = RefundState.FAILED, credit.entry
        refund.save(update_fields=["state", "came_back", "called_failed"])
    EntryBalance.objects.filter(pk=credit.pk).update(
        returned_minor=F("returned_minor") + credit.left_minor, work_state=WorkState.BOOKED, is_other_payment=False
    )
    _record(Event.REFUND_CAME_BACK, refunds, kept, credit.entry, actor, now)
    _see_them_leave(refunds, actor, now)
    _keep(refunds, kept, actor, now)
    return refunds


@transaction.atomic
def undo_coming_back(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> list[Refund]:
    """Say that the refunds named at a credit did not come back with it: they have left after all, and the line waits.

    Their money is taken from their first lines again, and what was booked as kept by the bank is no cost. One that no
    line shows leaving is with the bank again. One that somebody had called failed before is that again; where its money
    was used otherwise, what left with its debit waits there, or is the cost that it was.

    :raises RefundNotPossible: ``not_come_back`` unless refunds came back with the line, ``surely_came_back`` where the
        line bears the reference of one and its sum, ``taken_over`` where money that was put back by it was proposed
        anew, set off or booked since, ``later_correction`` while the last difference by which the bank corrected the
        line waits beside it unused, ``line_is_used`` where what the bank kept was booked otherwise since, or
        ``reason_missing``.
    """
    named = Refund.objects.filter(came_back=entry_id)
    refunds, lines = lock_refunds(refund_ids=named.values_list("pk", flat=True), entry_id=entry_id)
    credit = lines[entry_id]
    if not refunds or {*refunds} != {*named}:
        raise RefundNotPossible(refusal("not_come_back"))
    if why := _why_they_stay(refunds, credit.entry):
        raise RefundNotPossible(refusal(why))
    if not reason.strip():
        raise RefundNotPossible(refusal("reason_missing"))

    came = named_minor(credit.entry)
    kept = sum_of(refunds) - came
    _take_kept_back(refunds, kept, reason, actor, now)
    for refund in refunds:
        _let_go_again(refund, lines[refund.entry_id], actor, now)
    EntryBalance.objects.filter(pk=credit.pk).update(
        returned_minor=F("returned_minor") - came, work_state=WorkState.SUSPENSE, note=reason.strip()[:300]
    )
    _record(Event.REFUND_COMING_BACK_UNDONE, refunds, kept, credit.entry, actor, now)
    return refunds


def _why_they_did_not_come_back(refunds: Sequence[Refund]) -> str:
    """Return why these refunds cannot come back; blank where they may."""
    if not refunds:
        return "none_named"
    went = all(refund.batch_id or refund.debit_id for refund in refunds)
    return "never_left" if not went or any(refund.came_back_id for refund in refunds) else ""


def _why_not_that_line(refunds: Sequence[Refund], credit: EntryBalance) -> str:
    """Return why a line cannot be the one with which these refunds came back; blank where it may be."""
    if not is_free_credit(credit.entry):
        return "line_is_used"
    elsewhere = Refund.objects.filter(pk__in=[refund.pk for refund in refunds]).exclude(
        left_from(credit.entry.account_id)
    )
    if elsewhere.exists():
        return "left_elsewhere"
    kept = sum_of(refunds) - credit.left_minor
    if kept < 0 or {refund.currency for refund in refunds} != {credit.entry.currency}:
        return "not_that_sum"
    if kept >= min(refund.amount_minor for refund in refunds):
        return "less_came"
    return "other_named" if _names_others(refunds, credit) else _why_not_together(refunds, kept)


def _names_others(refunds: Iterable[Refund], credit: EntryBalance) -> bool:
    """Tell whether a line names other refunds with which it may have come back; not where it is less than those."""
    references = refund_references_in(credit.entry.end_to_end_id, credit.entry.remittance)
    named = list(Refund.objects.filter(end_to_end_id__in=references, came_back=None))
    if set(named) <= {*refunds}:
        return False
    return sum_of(named) - min(each.amount_minor for each in named) < credit.left_minor


def _why_not_together(refunds: Sequence[Refund], kept: int) -> str:
    """Return why refunds do not come back as one sum, of which the bank kept something; blank where they may."""
    costs = {each.pk: cost.entry_id for cost, left in list_left_as_costs(refunds) for each in left}
    debits, files = {costs.get(each.pk, each.debit_id) for each in refunds}, {each.batch_id for each in refunds}
    if kept and None in debits:
        return "leaving_not_read"
    is_one_debit, is_one_file = (len(each) == 1 and None not in each for each in (debits, files))
    return "" if is_one_debit or (is_one_file and not kept) else "not_together"


def _why_they_stay(refunds: Iterable[Refund], credit: BankEntry) -> str:
    """Return why nobody can say that these refunds did not come back with a line; blank where somebody may."""
    if any(is_sure_return(refund, credit) for refund in refunds):
        return "surely_came_back"
    if any(refund.owed_minor < refund.amount_minor for refund in refunds if not refund.called_failed):
        return "taken_over"
    return "later_correction" if waits_beside(credit) else ""


def _let_go_again(refund: Refund, line: EntryBalance, actor: Actor, now: datetime) -> None:
    """Let a refund be what it was before it was said to have come back, or sent where its debit was read since."""
    was_called_failed, refund.called_failed, refund.came_back = refund.called_failed, False, None
    if was_called_failed and (refund.debit_id is None or refund.is_taken_over):
        part_from_debit(refund=refund, actor=actor, now=now)
    else:
        take_again(balance=line, refund=refund)
        refund.state = RefundState.SENT if refund.debit_id else RefundState.EXPORTED
    refund.save(update_fields=["state", "debit", "came_back", "called_failed"])


def _see_them_leave(refunds: Sequence[Refund], actor: Actor, now: datetime) -> None:
    """Join each with the line with which it left where that was read before, as a debit of nobody or as a cost."""
    for refund in refunds:
        debits = BankEntry.objects.filter(end_to_end_id=refund.end_to_end_id, amount_minor=-refund.amount_minor)
        rows = debits.filter(currency=refund.currency, status=EntryStatus.BOOKED, balance__isnull=False)
        for debit in rows[:1] if refund.debit_id is None else ():
            see_refund_leave(refund_id=refund.pk, debit=debit, actor=actor, now=now)
            refund.refresh_from_db(fields=["debit"])
    for cost, left in list_left_as_costs(refunds):
        join_with_cost(cost=cost, refunds=left, actor=actor, now=now)


def _keep(refunds: Sequence[Refund], kept: int, actor: Actor, now: datetime) -> None:
    """Book what the bank kept of refunds as a cost of their debit."""
    if kept:
        debit = refunds[0].debit_id or 0
        EntryBalance.objects.filter(entry=debit).update(returned_minor=F("returned_minor") + kept)
        book_cost_beside(entry_id=debit, amount_minor=kept, reason=Noted.KEPT_BY_THE_BANK, actor=actor, now=now)


def _take_kept_back(refunds: Sequence[Refund], kept: int, reason: str, actor: Actor, now: datetime) -> None:
    """Say that the bank kept nothing of refunds after all, whose debit is as it was before that.

    :raises RefundNotPossible: ``line_is_used`` when the cost was taken back and its sum booked otherwise since.
    """
    if not kept:
        return
    debit = refunds[0].debit_id or 0
    costs = EntryCost.objects.filter(entry=debit, amount_minor=-kept, reason=Noted.KEPT_BY_THE_BANK)
    for cost in costs.filter(reverses=None, reversed_by=None)[:1]:
        take_cost_back(cost_id=cost.pk, reason=reason, actor=actor, now=now)
    balance = EntryBalance.objects.get(entry=debit)
    if balance.left_minor > -kept:
        raise RefundNotPossible(refusal("line_is_used"))
    balance.returned_minor -= kept
    balance.work_state = WorkState.BOOKED if not balance.left_minor else balance.work_state
    balance.save(update_fields=["returned_minor", "work_state"])


def _record(event: Event, refunds: Iterable[Refund], kept: int, credit: BankEntry, actor: Actor, now: datetime) -> None:
    """Tell the trail of each refund; what the bank kept is told of the first one, so that they come to the line."""
    for refund in refunds:
        came, kept = refund.amount_minor - kept, 0
        record(event, actor=actor, subject=refund, now=now, facts=facts_of(credit, came))
