"""What the steps that correct a bill share: lock it with its places, credit its lines whole, bill anew and charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import BillingParty, Invoice, InvoiceBalance, InvoiceLine, Quote
from chancery.domain.billing.policies.sharing import BilledShare
from chancery.domain.billing.services import allocating, crediting
from chancery.domain.billing.services.crediting import ToCredit
from chancery.domain.billing.services.invoicing import issue_invoice
from chancery.domain.billing.states import CreditReason
from chancery.domain.enrollment.models import PlaceCharge
from chancery.domain.enrollment.queries import bills_beside
from chancery.domain.enrollment.services.charges import charge_place, lock_places_of_invoices
from chancery.domain.enrollment.services.places import lock_seats
from chancery.domain.enrollment.states import HOLDS_A_SEAT
from chancery.domain.programme.models import Edition
from chancery.foundation.audit.actors import Actor


@dataclass(frozen=True, slots=True)
class Locked:
    """Bills with what holds them still: the current charges by place, and the balances by bill."""

    charges: list[PlaceCharge]
    balances: dict[int, InvoiceBalance]

    @property
    def held(self) -> list[PlaceCharge]:
        """The charges of places that hold a seat."""
        return [charge for charge in self.charges if charge.place.state in HOLDS_A_SEAT]


@dataclass(frozen=True, slots=True)
class ToCharge:
    """A place and the price that it is billed by; ``payer_number`` is 2 on the bill of a second payer."""

    place_id: int
    quote: Quote
    payer_number: int = 1


@transaction.atomic
def lock_bill(*, invoice: Invoice, with_beside: bool = False) -> Locked:
    """Lock the seats of a bill's edition, its places and its balance, in this order.

    ``with_beside``: those of the bills that ask for the other shares of the same fee too.
    """
    lock_seats(invoice.edition)
    bills = [invoice.pk, *(bill.pk for bill in bills_beside(invoice))] if with_beside else [invoice.pk]
    return Locked(lock_places_of_invoices(bills), allocating.lock_invoice_balances(bills))


@transaction.atomic
def credit_whole(
    *, lines: Sequence[InvoiceLine], charges: Sequence[PlaceCharge], reason: CreditReason, actor: Actor, now: datetime
) -> Invoice:
    """Credit lines of one bill in full, by one credit note; nothing of their money stays on the bill.

    ``charges`` are those of the places that the bill is for: whoever holds them now reads of it.
    """
    people = list({charge.place.person_id: charge.place.person for charge in charges}.values())
    whole = [ToCredit(line, line.gross_minor, 0) for line in lines]
    return crediting.issue_credit_note(
        invoice_id=lines[0].invoice_id, lines=whole, reason=reason, people=people, actor=actor, now=now
    )


@transaction.atomic
def bill_and_charge(
    *,
    edition: Edition,
    party: BillingParty,
    due: Sequence[ToCharge],
    share: BilledShare | None = None,
    paid_minor: int = 0,
    actor: Actor,
    now: datetime,
) -> Invoice:
    """Issue one bill, a line a place in their order, and make each line the price of its place.

    ``paid_minor`` is money of the bill that it takes the place of.

    :raises chancery.domain.billing.services.invoicing.InvoiceDataMissing: when issuer or payer lack what it must say.
    """
    quotes = [each.quote for each in due]
    bill = issue_invoice(
        edition=edition, party=party, quotes=quotes, share=share, paid_minor=paid_minor, actor=actor, now=now
    )
    for each, line in zip(due, bill.lines.order_by("position"), strict=True):
        charge_place(
            place_id=each.place_id,
            quote=each.quote,
            invoice_line=line,
            payer_number=each.payer_number,
            actor=actor,
            now=now,
        )
    return bill
