"""Let a small rest of a bill go that was paid short, by an officer and with a reason; every move is a row."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from chancery.domain.billing.models import Allocation, Invoice, InvoiceBalance, WriteOff
from chancery.domain.billing.queries.issuing import billing_facts, four_eyes_of
from chancery.domain.billing.services.four_eyes import finish_alone
from chancery.domain.programme.policies import Guarded
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class WriteOffNotPossible(Refused):
    """The rest is more than the edition lets go, there is none, or nobody says why."""


@transaction.atomic
def write_rest_off(*, allocation: Allocation, reason: str, actor: Actor, now: datetime) -> WriteOff:
    """Write off what a bill lacks after a short payment; its balance is locked by the caller.

    The tolerance is the bill's: what was written off beside other payments counts. Where the edition asks for two
    people, it is another person than the one who booked the payment.

    :raises WriteOffNotPossible: ``already_taken_back``, ``nothing_open``, ``above_tolerance`` or ``reason_missing``.
    :raises NeedsAnotherPerson: ``another_person_writes_off``.
    """
    if allocation.reverses_id or Allocation.objects.filter(reverses=allocation).exists():
        raise WriteOffNotPossible(refusal("already_taken_back"))
    invoice = Invoice.objects.select_related("edition__programme").get(pk=allocation.invoice_id)
    balance = InvoiceBalance.objects.select_for_update().get(invoice=invoice)
    rest = balance.open_minor
    if rest <= 0:
        raise WriteOffNotPossible(refusal("nothing_open"))
    if balance.written_off_minor + rest > billing_facts(invoice.edition).payment.tolerance_minor:
        raise WriteOffNotPossible(refusal("above_tolerance"))
    if not reason.strip():
        raise WriteOffNotPossible(refusal("reason_missing"))
    if allocation.actor == actor.reference:
        rule = four_eyes_of(invoice.edition)
        finish_alone(rule=rule, act=Guarded.WRITE_OFF, subject=allocation, actor=actor, now=now)
    return _write(allocation, rest, None, reason, actor, now)


@transaction.atomic
def take_write_offs_back(*, allocation: Allocation, reason: str, actor: Actor, now: datetime) -> int:
    """Take back what was written off with a payment that is taken back; return how much."""
    rows = [_write(allocation, -row.amount_minor, row, reason, actor, now) for row in _standing(allocation)]
    return -sum(row.amount_minor for row in rows)


@transaction.atomic
def written_off_with(allocation: Allocation) -> int:
    """Return what was written off with a payment and still is, in minor units."""
    return sum(row.amount_minor for row in _standing(allocation))


def _standing(allocation: Allocation) -> QuerySet[WriteOff]:
    return WriteOff.objects.filter(allocation=allocation, reverses=None, reversed_by=None)


def _write(
    allocation: Allocation, amount: int, reverses: WriteOff | None, reason: str, actor: Actor, now: datetime
) -> WriteOff:
    row = WriteOff.objects.create(
        invoice_id=allocation.invoice_id,
        allocation=allocation,
        amount_minor=amount,
        reverses=reverses,
        reason=reason.strip()[:300],
        actor=actor.reference,
        at=now,
    )
    balance = InvoiceBalance.objects.filter(invoice=allocation.invoice_id)
    balance.update(written_off_minor=F("written_off_minor") + amount)
    record(
        Event.WRITE_OFF_REVERSED if reverses else Event.WRITE_OFF_BOOKED,
        actor=actor,
        subject=row,
        now=now,
        facts={"invoice": allocation.invoice_id, "amount_minor": amount},
    )
    return row
