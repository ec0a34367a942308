"""Release money that is held because of a country, with a reason; nothing else lifts a hold."""

from datetime import datetime
from typing import Any

from django.db import transaction

from chancery.domain.billing.models import BankEntry, EntryBalance, HoldRelease, Refund
from chancery.domain.billing.policies.holding import Hold
from chancery.domain.billing.queries.holds import held_refunds, holds_of_payment, release_of_payment
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class HeldForACheck(Refused):
    """A country of the list is in it, and nobody has released it."""


class ReleaseNotPossible(Refused):
    """Nothing is held, nobody says why it may go, or no person does."""


@transaction.atomic
def check_payment(*, entry: BankEntry, invoice_ids: list[int]) -> None:
    """Let money of a line pass where nothing holds it or somebody released it.

    :raises HeldForACheck: ``country_held``.
    """
    if holds_of_payment(entry, invoice_ids) and release_of_payment(entry) is None:
        raise HeldForACheck(refusal("country_held"))


@transaction.atomic
def release_payment(*, entry_id: int, invoice_ids: list[int], reason: str, actor: Actor, now: datetime) -> HoldRelease:
    """Release a line; it is booked by a person after that, and never by itself.

    ``invoice_ids`` are the bills that it may be for; a person may know of another one, so nothing has to hold it yet.

    :raises ReleaseNotPossible: ``nothing_held`` when it was released before, or ``reason_missing``.
    """
    EntryBalance.objects.select_for_update().get(entry=entry_id)
    entry = BankEntry.objects.select_related("account").get(pk=entry_id)
    if release_of_payment(entry):
        raise ReleaseNotPossible(refusal("nothing_held"))
    row = HoldRelease(entry=entry, **_said(reason, actor), released_at=now)
    return _stored(row, holds_of_payment(entry, invoice_ids), actor, now)


@transaction.atomic
def release_refund(*, refund_id: int, reason: str, seen: str, actor: Actor, now: datetime) -> HoldRelease:
    """Release a refund to the account that it names now; another account holds it again.

    ``seen`` is the fingerprint of the refund that was looked at.

    :raises ReleaseNotPossible: ``nothing_held``, ``changed_meanwhile`` or ``reason_missing``.
    """
    rows = Refund.objects.select_for_update(of=("self",)).select_related("entry__account")
    refund = rows.get(pk=refund_id)
    held = held_refunds([refund]).get(refund.pk)
    if held is None or not held.waits:
        raise ReleaseNotPossible(refusal("nothing_held"))
    if refund.fingerprint != seen:
        raise ReleaseNotPossible(refusal("changed_meanwhile"))
    row = HoldRelease(refund=refund, account=refund.released_for, **_said(reason, actor), released_at=now)
    return _stored(row, held.holds, actor, now)


def _said(reason: str, actor: Actor) -> dict[str, Any]:
    """Return who releases and why, as it is stored.

    :raises ReleaseNotPossible: ``reason_missing``.
    :raises chancery.foundation.audit.actors.NeedsPerson: when the system releases.
    """
    if not reason.strip():
        raise ReleaseNotPossible(refusal("reason_missing"))
    return {"reason": reason.strip()[:300], "released_by_id": actor.person_id()}


def _stored(release: HoldRelease, held: tuple[Hold, ...], actor: Actor, now: datetime) -> HoldRelease:
    release.save()
    facts = {"countries": sorted({hold.country for hold in held})}
    told = {"reason": release.reason}
    record(Event.HOLD_RELEASED, actor=actor, subject=release, now=now, facts=facts, personal=told)
    return release
