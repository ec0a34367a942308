"""Read promises with a clock: what is open, what is late, how many were kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Model, Q, QuerySet

from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import last_deadline_over
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation


@dataclass(frozen=True, slots=True)
class Kept:
    """How often a promise of one kind came due or was met, and how often in time."""

    kind: str
    in_time: int
    of: int


def list_open(kinds: Iterable[ObligationKind] = tuple(ObligationKind)) -> QuerySet[Obligation]:
    """Return the open promises of these kinds, the earliest due first."""
    return Obligation.objects.filter(met_at=None, dropped_at=None, kind__in=[*kinds]).order_by("due_at", "id")


def earliest_due(subject: Model, kinds: Iterable[ObligationKind]) -> datetime | None:
    """Return when the first open promise of these kinds about a row is due, or None where none is open."""
    pointer = ref(subject)
    about = list_open(kinds).filter(subject_kind=pointer.kind, subject_id=pointer.id)
    found: datetime | None = about.aggregate(first=Min("due_at"))["first"]
    return found


def count_kept(*, now: datetime) -> list[Kept]:
    """Return, for each kind, how many promises were met in time of those that were met or are past due."""
    counted = (
        Obligation.objects.filter(dropped_at=None)
        .filter(Q(met_at__isnull=False) | Q(due_at__lte=last_deadline_over(now)))
        .values_list("kind")
        .annotate(of=Count("id"), in_time=Count("id", filter=Q(met_at__lt=F("due_at") + timedelta(seconds=1))))
        .order_by("kind")
    )
    return [Kept(kind=kind, in_time=in_time, of=of) for kind, of, in_time in counted]
