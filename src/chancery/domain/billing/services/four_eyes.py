"""Let an act be finished by whoever began it only where the edition says so, and leave a trace of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from chancery.domain.programme.policies import FourEyes, Guarded, may_finish_alone
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused


class NeedsAnotherPerson(Refused):
    """Whoever began this does not finish it."""


@transaction.atomic
def finish_alone(*, rule: FourEyes, act: Guarded, subject: Model, actor: Actor, now: datetime) -> None:
    """Let the person who began an act finish it; in an edition without four eyes that is an event of its own.

    :raises NeedsAnotherPerson: where the edition asks for two people.
    """
    ruling = may_finish_alone(rule, act)
    if not ruling:
        raise NeedsAnotherPerson(ruling)
    if rule is FourEyes.NONE:
        record(Event.DONE_ALONE, actor=actor, subject=subject, now=now, facts={"act": act.value})
