"""What was a cost because it left twice: none once it came back, and one again where that is taken back."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import EntryBalance, EntryCost, Refund
from chancery.domain.billing.queries.leavings import find_cost_of
from chancery.domain.billing.services.refund_lines import facts_of, sum_of
from chancery.domain.billing.services.setting_aside import book_cost_beside, take_cost_back
from chancery.domain.billing.states import Noted, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


def list_left_as_costs(refunds: Collection[Refund]) -> list[tuple[EntryCost, list[Refund]]]:
    """Return the costs that refunds without a debit left as, each with its refunds: those of one file, else each."""
    unseen = [refund for refund in refunds if refund.debit_id is None]
    of_file = defaultdict[int | None, list[Refund]](list)
    for refund in unseen:
        of_file[refund.batch_id].append(refund)
    found = list[tuple[EntryCost, list[Refund]]]()
    for group in [*(each for each in of_file.values() if len(each) > 1), *([refund] for refund in unseen)]:
        is_new = not any(refund in others for refund in group for _, others in found)
        if is_new and (cost := find_cost_of(group)):
            found.append((cost, group))
    return found


@transaction.atomic
def join_with_cost(*, cost: EntryCost, refunds: Sequence[Refund], actor: Actor, now: datetime) -> None:
    """Take a cost back for refunds that came back, which left with its debit."""
    take_cost_back(cost_id=cost.pk, reason=Noted.CAME_BACK_AFTER_ALL, actor=actor, now=now)
    for refund in refunds:
        refund.debit = cost.entry
        refund.save(update_fields=["debit"])
        facts = facts_of(cost.entry, -refund.amount_minor)
        record(Event.REFUND_DEBIT_SEEN, actor=actor, subject=refund, now=now, facts=facts)
    balance = EntryBalance.objects.get(entry=cost.entry_id)
    balance.returned_minor -= sum_of(refunds)
    if not balance.left_minor:
        balance.work_state = WorkState.BOOKED
    balance.save(update_fields=["returned_minor", "work_state"])


@transaction.atomic
def part_from_debit(*, refund: Refund, actor: Actor, now: datetime) -> None:
    """Let the sum of a refund that did not come back wait at its debit, or be the cost that it was; not saved."""
    debit = refund.debit
    if debit is None:
        return
    refund.debit = None
    balance = EntryBalance.objects.select_for_update().get(entry=debit)
    balance.returned_minor += refund.amount_minor
    balance.work_state = WorkState.OUTGOING
    balance.save(update_fields=["returned_minor", "work_state"])
    facts = facts_of(debit, -refund.amount_minor)
    record(Event.REFUND_LEAVING_UNDONE, actor=actor, subject=refund, now=now, facts=facts)
    was_cost = EntryCost.objects.filter(entry=debit, reverses__isnull=False, reason=Noted.CAME_BACK_AFTER_ALL)
    for row in was_cost.select_related("reverses").order_by("-pk")[:1]:
        before = row.reverses.reason if row.reverses else row.reason
        book_cost_beside(entry_id=debit.pk, amount_minor=refund.amount_minor, reason=before, actor=actor, now=now)
