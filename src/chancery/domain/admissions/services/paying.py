"""Keep who pays as the participant says after admission, and who shares the fee with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from chancery.domain.admissions.models import Application, PayerDetails, SecondPayer
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def keep_payer(*, application: Application, details: Mapping[str, str]) -> PayerDetails:
    """Store who pays in place of what the form said; bills already written keep their own words."""
    payer, _ = PayerDetails.objects.update_or_create(application=application, defaults=dict(details))
    return payer


@transaction.atomic
def name_second_payer(
    *, application: Application, details: Mapping[str, Any], actor: Actor, now: datetime
) -> SecondPayer:
    """Store who shares the fee, and how much of it is theirs; it waits for the next bill, or for the office."""
    values = {**details, "named_at": now, "closed_at": None}
    second, _ = SecondPayer.objects.update_or_create(application=application, defaults=values)
    record(Event.SECOND_PAYER_NAMED, actor=actor, subject=application, now=now, facts={"kind": second.kind})
    return second


@transaction.atomic
def close_second_payer(*, application: Application, billed: bool, actor: Actor, now: datetime) -> None:
    """Say that the wish is settled: billed to two payers, or one bill stays; nothing where none waits."""
    if SecondPayer.objects.filter(application=application, closed_at=None).update(closed_at=now):
        record(Event.SECOND_PAYER_CLOSED, actor=actor, subject=application, now=now, facts={"billed": billed})
