"""The step of places that follow money: sure when their bill is settled, unsure when its money goes.

A place is guaranteed in the transaction of the allocation that settles its bill (promise B2).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from chancery.domain.billing.mails import part_payment_mail, payment_lost_mails, share_paid_mails
from chancery.domain.billing.models import Invoice, Quote
from chancery.domain.billing.queries.quotes import network_of
from chancery.domain.billing.quotes import LineReason
from chancery.domain.billing.services.allocating import Moved
from chancery.domain.enrollment.mails.places import nothing_to_pay_mail, place_guaranteed_mail
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import billed_lines
from chancery.domain.enrollment.services.confirming import confirm_free_place
from chancery.domain.enrollment.services.places import guarantee_place, lock_place, make_place_unsure
from chancery.domain.enrollment.states import HOLDS_A_SEAT, PlaceState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import meet_obligation
from chancery.journey.correspond import dialogue_of
from chancery.journey.owe import promise_about

PAYMENT_LOST_DAYS = 2  # working days in which somebody calls a participant whose money is gone


@transaction.atomic
def guarantee_free_place(*, place_id: int, actor: Actor, now: datetime) -> Place:
    """Guarantee a place whose charge is zero, at once and with a confirmation instead of an invoice (promise B3)."""
    place = guarantee_place(place_id=place_id, open_minor=0, actor=actor, now=now)
    quote = Quote.objects.select_related("terms").get(charges__place=place, charges__current=True)
    waived = LineReason.LOW_INCOME_WAIVER in quote.reasons
    mail = nothing_to_pay_mail(
        place,
        fiscal_year=network_of(quote).fiscal_year or "" if waived else "",
        document_id=confirm_free_place(place=place, quote=quote, now=now).pk,
        thread=dialogue_of(place.application),
    )
    queue_mail(mail, now=now)
    return place


@transaction.atomic
def follow_money(*, moved: Moved, charges: Sequence[PlaceCharge], actor: Actor, now: datetime) -> None:
    """Let the places of a bill follow what was booked: all of them sure, all unsure, or told what is missing."""
    holding = [charge for charge in charges if charge.place.state in HOLDS_A_SEAT]
    if moved.settles:
        for charge in holding:
            _guarantee(charge, moved, actor, now)
    elif moved.unsettles:
        for charge in holding:
            _lose(charge, actor, now)
        people = [charge.place.person for charge in holding]
        for mail in payment_lost_mails(
            moved.invoice, allocation=moved.allocation, open_minor=moved.open_after, people=people
        ):
            queue_mail(mail, now=now)
    elif moved.allocation.amount_minor > 0 and moved.open_after > 0:
        queue_mail(part_payment_mail(moved.invoice, allocation=moved.allocation, open_minor=moved.open_after), now=now)


def bill_of(charge: PlaceCharge) -> int | None:
    """Return the bill that a charge stands on, or None where nothing is due."""
    return charge.invoice_line.invoice_id if charge.invoice_line else None


def _guarantee(charge: PlaceCharge, moved: Moved, actor: Actor, now: datetime) -> None:
    """Guarantee the place of a settled bill; where two payers share its fee, with the bill that is settled last."""
    place = charge.place
    if charge.is_share and _open_beside(place, moved.invoice):
        for mail in share_paid_mails(moved.invoice, allocation=moved.allocation, people=[place.person]):
            queue_mail(mail, now=now)
        return
    if charge.is_share and lock_place(place.pk).state == PlaceState.GUARANTEED:
        return  # both bills were settled by one file
    sure = guarantee_place(place_id=place.pk, open_minor=moved.open_after, actor=actor, now=now)
    meet_obligation(ObligationKind.PAYMENT_LOST, subject=sure, now=now)
    received_on = moved.allocation.entry.value_date
    queue_mail(
        place_guaranteed_mail(sure, received_on=received_on, thread=dialogue_of(sure.application), now=now), now=now
    )


def _open_beside(place: Place, invoice: Invoice) -> list[Invoice]:
    """Return the unpaid bills of the other payer of a locked place: whoever books to one of them locks the place."""
    bills = [line.invoice for line in billed_lines(place)]
    return [bill for bill in bills if bill.pk != invoice.pk and bill.balance.open_minor > 0]


def _lose(charge: PlaceCharge, actor: Actor, now: datetime) -> None:
    place = charge.place
    if charge.is_share and lock_place(place.pk).state == PlaceState.RESERVED:
        return  # it was not sure: the other payer's bill is open
    make_place_unsure(place_id=place.pk, reason="payment taken back", actor=actor, now=now)
    promise_about(
        place=place,
        kind=ObligationKind.PAYMENT_LOST,
        days=PAYMENT_LOST_DAYS,
        basis="promise B2: the place is not sure any more",
        now=now,
    )
