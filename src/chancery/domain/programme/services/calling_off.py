"""Say that an edition is not held."""

from datetime import datetime

from django.db import transaction

from chancery.domain.programme.models import Edition
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def call_off(*, edition_id: int, note: str, actor: Actor, now: datetime) -> Edition:
    """Note that an edition is not held: from now on nobody applies to it and it has no free seat. Said twice, it is so.

    Who has a place or an application is told by the stair.
    """
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition_id)
    if edition.called_off_at is None:
        edition.called_off_at = now
        edition.save(update_fields=["called_off_at"])
        record(Event.EDITION_CALLED_OFF, actor=actor, subject=edition, now=now, facts={"note": note})
    return edition
