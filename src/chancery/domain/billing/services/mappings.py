"""Keep how banks write their CSV."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import StatementMapping
from chancery.domain.billing.readers.csv_mapping import CsvMapping, mapping_as_values
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def save_mapping(*, name: str, mapping: CsvMapping, actor: Actor, now: datetime) -> StatementMapping:
    """Save a mapping under a name; a mapping of that name is replaced."""
    told = {"rule": mapping_as_values(mapping), "saved_by": actor.reference, "saved_at": now}
    saved, _ = StatementMapping.objects.update_or_create(name=name.strip()[:60], defaults=told)
    record(Event.MAPPING_SAVED, actor=actor, subject=saved, now=now, facts={"name": saved.name})
    return saved


@transaction.atomic
def delete_mapping(*, mapping_id: int, actor: Actor, now: datetime) -> None:
    """Forget a mapping; what was read by it stays."""
    mapping = StatementMapping.objects.get(pk=mapping_id)
    record(Event.MAPPING_DELETED, actor=actor, subject=mapping, now=now, facts={"name": mapping.name})
    mapping.delete()
