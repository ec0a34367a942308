"""Read the trail, and prove that nobody changed it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from chancery.foundation.audit.models import AuditEvent, AuditPersonalPart, AuditSeal
from chancery.foundation.audit.refs import Ref
from chancery.foundation.audit.services import GENESIS, commitment, link

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ChainReport:
    """How many events there are, and the first whose seal or personal part does not fit, by its id."""

    events: int
    intact: bool
    first_broken: int | None = None


def list_events(about: Ref | None = None) -> QuerySet[AuditEvent]:
    """Return events, newest first, with their personal parts, of one subject or of all."""
    events = AuditEvent.objects.select_related("personal_part").order_by("-id")
    return events.filter(subject_kind=about.kind, subject_id=about.id) if about else events


def get_event(event_id: int, about: Ref) -> AuditEvent | None:
    """Return one event of a subject; None when it is not one of its events."""
    return list_events(about).filter(pk=event_id).first()


def verify_chain() -> ChainReport:
    """Recompute the chain over all sealed events; an erased personal part leaves it whole, a changed one does not."""
    events = AuditEvent.objects.count()
    position, chain = 0, GENESIS
    seals = AuditSeal.objects.select_related("event__personal_part").order_by("position")
    for seal in seals.iterator(chunk_size=CHUNK):
        position, chain = position + 1, link(chain, seal.event)
        if seal.position != position or seal.chain_hash != chain or not _words_fit(seal.event):
            return ChainReport(events, intact=False, first_broken=seal.event_id)
    return ChainReport(events, intact=True)


def _words_fit(event: AuditEvent) -> bool:
    try:
        part = event.personal_part
    except AuditPersonalPart.DoesNotExist:
        return True
    return event.payload_hash == commitment(part.salt, part.payload)
