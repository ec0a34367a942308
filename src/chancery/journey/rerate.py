"""The step of a smaller group: its unpaid bills are credited and issued anew by the price of those who stay.

Only where the frozen terms say so (``[group] on_leaver = "rerate"``), only while nothing was paid, and never without a
person who saw both sums: whoever has paid keeps the price that was asked (promise B4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.pricing import price_again
from chancery.domain.billing.quotes import LineReason
from chancery.domain.billing.services.following import CreditNotPossible
from chancery.domain.billing.services.invoicing import InvoiceDataMissing
from chancery.domain.billing.services.quoting import quote_again
from chancery.domain.billing.states import CreditReason
from chancery.domain.enrollment.models import PlaceCharge
from chancery.domain.enrollment.queries import count_group, list_held_charges
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import OnLeaver, terms_from_json
from chancery.foundation.audit.actors import Actor
from chancery.foundation.ruling import Refused, refusal
from chancery.journey.rebill import ToCharge, bill_and_charge, credit_whole, lock_bill

__all__ = ["CreditNotPossible", "InvoiceDataMissing", "NotToBeRerated", "Rerate", "list_rerates", "rerate_bill"]


class NotToBeRerated(Refused):
    """The group's size asks for no other price, the bill has received money, or the sums have changed since."""


@dataclass(frozen=True, slots=True)
class Rerate:
    """A bill whose group has another size by now: its people, and the fees before and after in minor units."""

    invoice: Invoice
    charges: tuple[PlaceCharge, ...]
    before_minor: int
    after_minor: int
    paid: bool


def list_rerates(edition: Edition) -> list[Rerate]:
    """Return the bills of an edition that another size of their group would price anew, the oldest first.

    Those that have received money are among them, marked: their price stays.
    """
    bills: dict[int, list[PlaceCharge]] = {}
    for charge in list_held_charges(edition):
        if charge.invoice_line is not None and _stays(charge):
            bills.setdefault(charge.invoice_line.invoice_id, []).append(charge)
    found = [_rerate_of(charges) for _, charges in sorted(bills.items())]
    return [each for each in found if each.after_minor != each.before_minor]


@transaction.atomic
def rerate_bill(*, number: str, seen_minor: int, actor: Actor, now: datetime) -> Invoice:
    """Credit what is billed of those who stay, and bill them anew by the price of the group as it is now.

    ``seen_minor`` is the sum of the fees that the officer's page showed.

    :raises NotToBeRerated: ``nothing_to_rerate``, ``money_stands`` or ``sums_changed``.
    """
    invoice = Invoice.objects.select_related("edition", "party").get(number=number)
    held = [charge for charge in lock_bill(invoice=invoice).held if _stays(charge)]
    _check(held, seen_minor)

    lines = [charge.invoice_line for charge in held if charge.invoice_line]
    credit_whole(lines=lines, charges=held, reason=CreditReason.GROUP_CHANGED, actor=actor, now=now)
    due = [
        ToCharge(
            each.place_id,
            quote_again(
                quote=each.quote,
                application=each.place.application,
                group_size=_size(each),
                actor=actor,
                now=now,
            ),
        )
        for each in held
    ]
    return bill_and_charge(edition=invoice.edition, party=invoice.party, due=due, actor=actor, now=now)


def _stays(charge: PlaceCharge) -> bool:
    """Whether a place is in the edition of its bill: one that moved to another edition keeps the price it came with."""
    return charge.invoice_line is not None and charge.invoice_line.invoice.edition_id == charge.place.edition_id


def _check(held: Sequence[PlaceCharge], seen_minor: int) -> None:
    found = _rerate_of(held) if held else None
    if found is None or found.after_minor == found.before_minor:
        raise NotToBeRerated(refusal("nothing_to_rerate"))
    if found.paid:
        raise NotToBeRerated(refusal("money_stands"))
    if found.after_minor != seen_minor:
        raise NotToBeRerated(refusal("sums_changed"))


def _rerate_of(charges: Sequence[PlaceCharge]) -> Rerate:
    invoice = next(charge.invoice_line.invoice for charge in charges if charge.invoice_line)
    balance = invoice.balance
    return Rerate(
        invoice=invoice,
        charges=tuple(charges),
        before_minor=sum(charge.quote.fee_minor or 0 for charge in charges),
        after_minor=sum(_fee_now(charge) for charge in charges),
        paid=balance.allocated_minor != 0 or balance.written_off_minor != 0,
    )


def _fee_now(charge: PlaceCharge) -> int:
    """Return the fee by the group's size of today; the fee of the quote where terms or quote know no other."""
    billed = charge.quote.fee_minor or 0
    if charge.is_share:  # two payers agreed on sums: a person corrects their bills
        return billed
    terms = terms_from_json(charge.quote.terms.rule)
    if terms.group_on_leaver is not OnLeaver.RERATE or LineReason.GROUP_DISCOUNT not in charge.quote.reasons:
        return billed
    fee = price_again(charge.quote, group_size=_size(charge)).answer.fee_minor
    return billed if fee is None else fee


def _size(charge: PlaceCharge) -> int:
    return count_group(charge.place, terms_from_json(charge.quote.terms.rule).group_scope)
