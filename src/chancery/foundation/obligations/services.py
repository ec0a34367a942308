"""Open, meet and drop promises with a clock."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet

from chancery.foundation.audit.refs import ref
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation


@transaction.atomic
def open_obligation(kind: ObligationKind, *, subject: Model, due_at: datetime, basis: str, now: datetime) -> Obligation:
    """Open the promise, or return the one of this kind that is open already (its clock does not start again)."""
    pointer = ref(subject)
    obligation, _ = Obligation.objects.get_or_create(
        kind=kind,
        subject_kind=pointer.kind,
        subject_id=pointer.id,
        met_at=None,
        dropped_at=None,
        defaults={"opened_at": now, "due_at": due_at, "basis": basis},
    )
    return obligation


@transaction.atomic
def meet_obligation(kind: ObligationKind, *, subject: Model, now: datetime) -> int:
    """Mark the open promise of this kind as met; return how many were open (0 or 1)."""
    return _open(kind, subject).update(met_at=now)


@transaction.atomic
def drop_obligation(kind: ObligationKind, *, subject: Model, now: datetime) -> int:
    """End a promise that no longer applies, such as an answer to an application that was withdrawn."""
    return _open(kind, subject).update(dropped_at=now)


@transaction.atomic
def hand_on_obligation(kind: ObligationKind, *, subject: Model, to: Model, now: datetime) -> None:
    """Let another row owe the open promise of this kind from now on, by the same day; nothing where none is open."""
    owed = _open(kind, subject).first()
    if owed is not None:
        drop_obligation(kind, subject=subject, now=now)
        open_obligation(kind, subject=to, due_at=owed.due_at, basis=owed.basis, now=now)


def _open(kind: ObligationKind, subject: Model) -> QuerySet[Obligation]:
    pointer = ref(subject)
    return Obligation.objects.filter(
        kind=kind, subject_kind=pointer.kind, subject_id=pointer.id, met_at=None, dropped_at=None
    )
