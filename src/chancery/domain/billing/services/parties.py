"""Name who pays."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import BillingParty
from chancery.domain.billing.queries.payers import Payer
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def name_party(*, payer: Payer, actor: Actor, now: datetime) -> BillingParty:
    """Store a billing party; the same words name the same party, a change is a new row."""
    words = asdict(payer)
    party = BillingParty.objects.filter(**words).order_by("id").first()
    if party is not None:
        return party
    party = BillingParty.objects.create(**words)
    record(Event.BILLING_PARTY_NAMED, actor=actor, subject=party, now=now, facts={"kind": party.kind})
    return party
