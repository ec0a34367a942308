"""Decide once, with a reason, whether a body's staff count as staff of a member city (promise B4)."""

from datetime import datetime

from django.db import transaction

from chancery.domain.network.models import LocalAuthority, Membership, Standing
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class StandingNotDecidable(Refused):
    """There is no reason, or the city of the body is no member."""


@transaction.atomic
def decide_standing(*, authority_id: int, counts_as_member: bool, reason: str, actor: Actor, now: datetime) -> Standing:
    """Keep the decision; a later one takes its place, and both stay in the trail.

    :raises StandingNotDecidable: ``reason_missing`` or ``city_no_member``.
    """
    if not reason.strip():
        raise StandingNotDecidable(refusal("reason_missing"))
    authority = LocalAuthority.objects.select_for_update(of=("self",)).select_related("city").get(pk=authority_id)
    membership = Membership.objects.filter(city=authority.city, left_on=None).order_by("id").first()
    if counts_as_member and membership is None:
        raise StandingNotDecidable(refusal("city_no_member"))
    standing, _ = Standing.objects.update_or_create(
        authority=authority,
        defaults={
            "membership": membership if counts_as_member else None,
            "reason": reason.strip()[:300],
            "decided_by": actor.reference,
            "decided_at": now,
        },
    )
    authority.listed = True
    authority.save(update_fields=["listed"])
    record(
        Event.STANDING_DECIDED,
        actor=actor,
        subject=authority,
        now=now,
        facts={"member": counts_as_member},
        personal={"reason": standing.reason},
    )
    return standing
