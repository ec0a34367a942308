"""The step of crediting a place that ended: what is no longer owed, what goes back, and what is kept (C3).

What is kept is taxed as the place was and stays on its bill, or in a profile of its own on a bill of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import PayerWords
from chancery.domain.billing.models import Allocation, Invoice, InvoiceLine
from chancery.domain.billing.policies import Leaving, leaving_of, spread
from chancery.domain.billing.services import allocating, crediting, keeping
from chancery.domain.billing.services.allocating import Moved, TakenBack
from chancery.domain.billing.services.crediting import ToCredit
from chancery.domain.billing.services.following import CreditNotPossible
from chancery.domain.billing.states import KEPT_OF, CreditReason
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import billed_lines
from chancery.domain.enrollment.services.charges import close_charge, lock_places_of_invoices
from chancery.domain.programme.readers.edition_file import VatProfile
from chancery.foundation.audit.actors import Actor
from chancery.foundation.money import share_of
from chancery.journey import repay
from chancery.journey.follow import follow_money

__all__ = ["CreditNotPossible", "Settled", "settle_leaving"]


@dataclass(frozen=True, slots=True)
class Settled:
    """The money of a place that ended, in minor units.

    ``refund_minor`` is the share of ``paid_minor`` that goes back, ``besides_minor`` came too late to count as paid by
    then and goes back in full.
    """

    paid_minor: int = 0
    refund_minor: int = 0
    besides_minor: int = 0
    credit_notes: tuple[Invoice, ...] = ()


@transaction.atomic
def settle_leaving(
    *,
    place: Place,
    counts_from: datetime,
    rate: Decimal,
    others_rate: Decimal | None = None,
    due_on: date,
    reason: CreditReason,
    actor: Actor,
    now: datetime,
) -> Settled:
    """Credit and give back what belongs to a place that has ended.

    ``rate`` is the share that goes back of what had been received for the place by ``counts_from``; ``others_rate`` is
    that of payers who are no private persons, where they have another right. Money that came later is no part of it
    and goes back in full. What is open is no longer owed: a bill that is settled by that makes its other places sure.
    Where two payers share the fee, each has a credit note, and what goes back is theirs in proportion to what each had
    paid.

    :raises CreditNotPossible: when the credit note, or the bill over what is kept, lacks what it must say.
    """
    lines, zone = billed_lines(place), ZoneInfo(place.edition.time_zone)
    bills = [line.invoice_id for line in lines]
    charges = lock_places_of_invoices(bills)
    open_before = {key: balance.open_minor for key, balance in allocating.lock_invoice_balances(bills).items()}
    stands = {line.pk: crediting.stand_of(line=line) for line in lines}
    received = {line.pk: crediting.received_at(line=line, instant=counts_from, zone=zone) for line in lines}
    bases = {key: min(max(received[key], 0), stand.received_minor) for key, stand in stands.items()}
    rates = {line.pk: rate if _is_private(line) or others_rate is None else others_rate for line in lines}
    shares, notes, back = _shares(bases, rates), list[Invoice](), 0
    refund = sum(shares.values())
    for line in lines:
        leaving = leaving_of(stands[line.pk], refund_base_minor=bases[line.pk], refund_minor=shares[line.pk])
        note = _credit(place, line, leaving, reason, due_on, actor, now)
        notes += [note] if note else []
        back += leaving.back_minor
    close_charge(place=place)
    for bill in bills:
        beside = [charge for charge in charges if charge.place_id != place.pk and _is_on(charge, bill)]
        _make_sure(bill, open_before[bill], beside, actor, now)
    return Settled(sum(bases.values()), refund, back - refund, tuple(notes))


def _shares(bases: Mapping[int, int], rates: Mapping[int, Decimal]) -> dict[int, int]:
    """Return what goes back of each line: one sum for all lines of a rate, spread over them."""
    shares: dict[int, int] = {}
    for rate in set(rates.values()):
        part = {key: base for key, base in bases.items() if rates[key] == rate}
        shares |= spread(share_of(sum(part.values()), rate), part)
    return shares


def _is_private(line: InvoiceLine) -> bool:
    return line.invoice.party.kind == PayerWords.Kind.PERSON


def _is_on(charge: PlaceCharge, bill: int) -> bool:
    return charge.invoice_line is not None and charge.invoice_line.invoice_id == bill


def _make_sure(bill: int, open_before: int, beside: Sequence[PlaceCharge], actor: Actor, now: datetime) -> None:
    """Let the other places of a bill follow when the credit note settled it: no payment to come would."""
    last = Allocation.objects.filter(invoice=bill, amount_minor__gt=0).select_related("invoice", "entry").last()
    open_after = allocating.lock_invoice_balances([bill])[bill].open_minor
    if last is not None and open_before > 0 >= open_after:
        follow_money(moved=Moved(last, last.invoice, open_before, open_after), charges=beside, actor=actor, now=now)


def _credit(
    place: Place, line: InvoiceLine, leaving: Leaving, reason: CreditReason, due_on: date, actor: Actor, now: datetime
) -> Invoice | None:
    """Take the money off the bill, credit it, and propose the refunds; None where nothing is left to credit."""
    profile = keeping.profile_apart(line) if leaving.kept_minor else None
    apart = leaving.kept_minor if profile else 0
    if not leaving.credited_minor + apart:
        return None
    freed = _take_off(line, leaving.back_minor, reason, actor, now)
    moved = _take_off(line, apart, reason, actor, now) if apart else []
    note = crediting.issue_credit_note(
        invoice_id=line.invoice_id,
        lines=[ToCredit(line, leaving.credited_minor + apart, leaving.kept_minor - apart)],
        reason=reason,
        people=[place.person],
        actor=actor,
        now=now,
    )
    booked = _bill_apart(place, line, apart, profile, moved, actor, now) if profile else []
    repay.propose_for_credit(freed=freed, booked=booked, credit_note=note, due_on=due_on, actor=actor, now=now)
    return note


def _take_off(line: InvoiceLine, minor: int, reason: CreditReason, actor: Actor, now: datetime) -> list[TakenBack]:
    return allocating.take_back(
        invoice_id=line.invoice_id, amount_minor=minor, reason=reason.value, actor=actor, now=now
    )


def _bill_apart(
    place: Place,
    line: InvoiceLine,
    kept_minor: int,
    profile: VatProfile,
    moved: list[TakenBack],
    actor: Actor,
    now: datetime,
) -> list[Allocation]:
    """Bill what is kept in its own profile, and let the money of the place pay it."""
    bill = keeping.bill_kept(
        line=line, kept_minor=kept_minor, profile=profile, people=[place.person], actor=actor, now=now
    )
    return allocating.book_freed(
        freed=moved, invoice_id=bill.pk, reason=f"{KEPT_OF}{line.invoice.number}", actor=actor, now=now
    )
