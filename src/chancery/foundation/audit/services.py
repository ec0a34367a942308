"""Record events inside the transaction of the act, and seal them afterwards."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent, AuditPersonalPart, AuditSeal
from chancery.foundation.audit.refs import ref

GENESIS = "0" * 64
SEAL_CHUNK = 400


@transaction.atomic
def record(
    name: Event,
    *,
    actor: Actor,
    subject: Model,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event; ``facts`` hold ids and figures, ``personal`` holds words and names and can be erased."""
    pointer = ref(subject)
    salt = secrets.token_hex(16) if personal else ""
    event = AuditEvent.objects.create(
        at=now,
        actor=actor.reference,
        name=name,
        subject_kind=pointer.kind,
        subject_id=pointer.id,
        facts=dict(facts or {}),
        payload_hash=commitment(salt, personal) if personal else "",
    )
    if personal:
        AuditPersonalPart.objects.create(event=event, salt=salt, payload=dict(personal))
    return event


@transaction.atomic
def seal_events(*, now: datetime) -> int:
    """Chain events that have no seal yet, oldest first; return how many. Only one sealer runs at a time."""
    last = AuditSeal.objects.select_for_update().order_by("-position").first()
    position, chain = (last.position, last.chain_hash) if last else (0, GENESIS)
    seals = []
    for event in AuditEvent.objects.filter(seal=None).order_by("id")[:SEAL_CHUNK]:
        position, chain = position + 1, link(chain, event)
        seals.append(AuditSeal(event=event, position=position, chain_hash=chain, sealed_at=now))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def link(previous: str, event: AuditEvent) -> str:
    """Return the hash of an event chained to the one before it."""
    body = [
        event.pk,
        event.at.isoformat(),
        event.actor,
        event.name,
        event.subject_kind,
        event.subject_id,
        event.facts,
        event.payload_hash,
    ]
    return hashlib.sha256(f"{previous}{_canonical(body)}".encode()).hexdigest()


def commitment(salt: str, personal: Mapping[str, Any]) -> str:
    """Return what an event keeps of its words: a salted hash that stays when they are erased."""
    return hashlib.sha256(f"{salt}{_canonical(dict(personal))}".encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
