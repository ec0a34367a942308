"""Let money that was promised back pay a bill instead, as its payer asks for, and let the promise stand again."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import Allocation, EntryBalance, Refund, SetOff
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.states import WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def set_off(*, allocation: Allocation, actor: Actor, now: datetime) -> list[SetOff]:
    """Set off what a booking took of the money that refunds which came to nothing had promised back.

    The line is locked by the caller. Money of it that nobody was promised goes first, then the oldest promise.
    """
    owed = list_owed(allocation.entry_id)
    missing = sum(each.minor for each in owed) - EntryBalance.objects.get(entry=allocation.entry_id).left_minor
    rows = []
    for each in owed:
        part = min(each.minor, missing)
        if part > 0:
            rows.append(SetOff.objects.create(refund=each.refund, allocation=allocation, amount_minor=part))
            facts = {"amount_minor": part, "currency": each.refund.currency, "invoice": allocation.invoice_id}
            record(Event.REFUND_SET_OFF, actor=actor, subject=each.refund, now=now, facts=facts)
            missing -= part
    return rows


@transaction.atomic
def owe_again(*, allocation_id: int) -> list[Refund]:
    """Return the refunds that are owed again since a booking was taken back; its line is to be given back again."""
    rows = SetOff.objects.filter(allocation=allocation_id).select_related("allocation", "refund__entry__account")
    for row in rows:
        EntryBalance.objects.filter(entry=row.allocation.entry_id).update(work_state=WorkState.GIVE_BACK)
    return [row.refund for row in rows]
