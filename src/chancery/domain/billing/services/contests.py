"""Decide a line that may be on file already: it is money of its own, or the one on file told again."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryConflict, StatementFile
from chancery.domain.billing.services.beside import COUNTED
from chancery.domain.billing.states import EntryStatus, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class DecisionNotPossible(Refused):
    """Somebody has decided it before, or nobody says why."""


@transaction.atomic
def count_contested(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> BankEntry:
    """Let a contested line be money: a booked line of its own, which its file matches next; return it.

    :raises DecisionNotPossible: ``decided_before`` or ``reason_missing``.
    """
    contested = decide_contested(entry_id=entry_id, reason=reason, now=now)
    columns = {field.attname: getattr(contested, field.attname) for field in BankEntry._meta.concrete_fields}
    own = {"id": None, "identity": f"{contested.identity}{COUNTED}", "status": EntryStatus.BOOKED}
    counted = BankEntry.objects.create(**{**columns, **own})
    StatementFile.objects.filter(pk=contested.file_id).update(settled_at=None)
    facts = {"entry": entry_id, "amount_minor": counted.amount_minor}
    record(Event.ENTRY_COUNTED, actor=actor, subject=counted, now=now, facts=facts, personal={"note": reason.strip()})
    return counted


@transaction.atomic
def leave_contested_out(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> BankEntry:
    """Leave a contested line out: it is the line on file, told again.

    :raises DecisionNotPossible: ``decided_before`` or ``reason_missing``.
    """
    contested = decide_contested(entry_id=entry_id, reason=reason, now=now)
    facts = {"entry": entry_id, "amount_minor": contested.amount_minor}
    record(
        Event.ENTRY_LEFT_OUT, actor=actor, subject=contested, now=now, facts=facts, personal={"note": reason.strip()}
    )
    return contested


@transaction.atomic
def decide_contested(*, entry_id: int, reason: str, now: datetime) -> BankEntry:
    """Close a contest, whatever was decided: the line that came counts for nothing itself; return it.

    :raises DecisionNotPossible: ``decided_before`` or ``reason_missing``.
    """
    balance = EntryBalance.objects.select_for_update().get(entry=entry_id)
    if balance.work_state != WorkState.CONFLICT:
        raise DecisionNotPossible(refusal("decided_before"))
    if not reason.strip():
        raise DecisionNotPossible(refusal("reason_missing"))
    balance.work_state, balance.note = WorkState.IGNORED, reason.strip()[:300]
    balance.save(update_fields=["work_state", "note"])
    EntryConflict.objects.filter(came=entry_id).update(settled_at=now)
    return BankEntry.objects.get(pk=entry_id)
