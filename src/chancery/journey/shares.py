"""The step of two payers: one fee, a bill each; an unpaid bill is shared by crediting it (decision 0057)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.paying import close_second_payer, keep_payer, name_second_payer
from chancery.domain.admissions.states import OVER
from chancery.domain.billing.models import BillingParty, Invoice, InvoiceBalance, InvoiceLine, Quote
from chancery.domain.billing.policies.sharing import BilledShare, may_share, shares_of
from chancery.domain.billing.queries.payers import SharingPayer, payer_in, second_payer_of
from chancery.domain.billing.services.invoicing import InvoiceDataMissing, refuse_incomplete
from chancery.domain.billing.services.parties import name_party
from chancery.domain.billing.services.quoting import quote_for
from chancery.domain.billing.states import CreditReason
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import billed_lines, current_charges, find_place
from chancery.domain.enrollment.services.charges import close_second_charge
from chancery.domain.enrollment.services.places import lock_place
from chancery.domain.enrollment.states import HOLDS_A_SEAT
from chancery.foundation.audit.actors import Actor
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, meet_obligation
from chancery.foundation.ruling import ALLOWED, Refused, Ruling, refusal
from chancery.journey.owe import promise_about
from chancery.journey.rebill import Locked, ToCharge, bill_and_charge, credit_whole, lock_bill

ANSWER_DAYS = 3  # working days in which the office splits a bill, or says why not

__all__ = [
    "InvoiceDataMissing",
    "NotToBeShared",
    "ask_to_share",
    "bill_shares",
    "drop_second_payer",
    "join_bills",
    "share_fee",
    "split_bill",
]


class NotToBeShared(Refused):
    """The fee of this place cannot be shared now: it is billed for several, paid in part, shared, or too small."""


@transaction.atomic
def ask_to_share(*, application_id: int, second: SharingPayer, actor: Actor, now: datetime) -> None:
    """Keep who shares a fee: the bill to come is two, and of a bill that is written the office is asked to make two.

    :raises NotToBeShared: when the place has ended, costs nothing, was paid in part, or has two bills already.
    :raises InvoiceDataMissing: when the second payer lacks what a bill must say.
    """
    application = Application.objects.select_related("edition").get(pk=application_id)
    place = find_place(application.pk)
    if place is None and application.state in OVER:
        raise NotToBeShared(refusal("application_over"))
    refuse_incomplete(second.payer.missing)
    charges = current_charges(lock_place(place.pk)) if place else []
    if place is not None:
        _require(_may_ask(place, charges, second))
    details = {**asdict(second.payer), "share_minor": second.share.minor, "share_percent": second.share.percent}
    name_second_payer(application=application, details=details, actor=actor, now=now)
    if place is not None and charges:
        promise_about(
            place=place, kind=ObligationKind.INVOICE, days=ANSWER_DAYS, basis="two payers share the fee", now=now
        )


@transaction.atomic
def share_fee(
    *, application_id: int, second: SharingPayer, actor: Actor, now: datetime
) -> tuple[Invoice, Invoice] | None:
    """Let two payers share a fee, as the office says: at once where a bill is written, else by the bill to come.

    :raises NotToBeShared: see :func:`split_bill` and :func:`ask_to_share`.
    :raises InvoiceDataMissing: when the second payer lacks what a bill must say, or no font of ours has its signs.
    """
    place = find_place(application_id)
    lines = billed_lines(place) if place else []
    if lines:
        return split_bill(invoice_id=lines[0].invoice_id, second=second, actor=actor, now=now)
    ask_to_share(application_id=application_id, second=second, actor=actor, now=now)
    return None


@transaction.atomic
def drop_second_payer(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Say that one payer pays after all: what waits to be shared is forgotten, bills stay as they are."""
    application = Application.objects.get(pk=application_id)
    close_second_payer(application=application, billed=False, actor=actor, now=now)
    place = find_place(application.pk)
    if place is not None and current_charges(place):
        drop_obligation(ObligationKind.INVOICE, subject=place, now=now)


@transaction.atomic
def bill_shares(*, place: Place, quote: Quote, first: BillingParty, actor: Actor, now: datetime) -> Invoice | None:
    """Bill a place to two payers, where a second one waits whose share fits the fee; return the first payer's bill.

    None where nobody shares it, or the fee is too small for the share: then the office finds the wish in its list.

    :raises InvoiceDataMissing: when a payer or the issuer lacks what a bill must say.
    """
    second = second_payer_of(place.application)
    if second is None or not may_share(quote.fee_minor or 0, second.share):
        return None
    return _bill_both(place, quote, first, second, actor, now)[0]


@transaction.atomic
def split_bill(*, invoice_id: int, second: SharingPayer, actor: Actor, now: datetime) -> tuple[Invoice, Invoice]:
    """Credit an unpaid bill in full and issue two, one a payer, in one act.

    Two officers at once: one writes the two bills, the other finds the old one credited.

    :raises NotToBeShared: ``no_place_held``, ``several_places``, ``shared_before``, ``credited_before``,
        ``money_stands``, ``written_off``, ``share_out_of_range`` or ``same_payer``.
    :raises InvoiceDataMissing: when the second payer lacks what a bill must say, or no font of ours has its signs.
    """
    invoice = Invoice.objects.select_related("edition", "party").get(pk=invoice_id)
    refuse_incomplete(second.payer.missing)
    charge, line = _checked(invoice, lock_bill(invoice=invoice), second)
    credit_whole(lines=[line], charges=[charge], reason=CreditReason.FEE_SHARED, actor=actor, now=now)
    place = lock_place(charge.place_id)
    quote = quote_for(quote=charge.quote, application=charge.place.application, actor=actor, now=now)
    bills = _bill_both(place, quote, invoice.party, second, actor, now)
    meet_obligation(ObligationKind.INVOICE, subject=place, now=now)
    return bills


@transaction.atomic
def join_bills(*, invoice_id: int, actor: Actor, now: datetime) -> Invoice:
    """Credit both unpaid bills of a shared fee and issue one over all of it to the payer of this one, in one act.

    :raises NotToBeShared: ``not_shared``, ``no_place_held``, ``credited_before``, ``money_stands`` or ``written_off``.
    :raises InvoiceDataMissing: when the issuer lacks what a bill must say.
    """
    invoice = Invoice.objects.select_related("edition", "party").get(pk=invoice_id)
    locked = lock_bill(invoice=invoice, with_beside=True)
    held = locked.held
    stands = [reason for balance in locked.balances.values() for reason in _standing(balance)]
    if not stands and (len(held) != 2 or not all(charge.is_share for charge in held)):
        stands = ["not_shared" if held or not locked.charges else "no_place_held"]
    _require(refusal(stands[0]) if stands else ALLOWED)

    place = lock_place(held[0].place_id)
    quote = quote_for(quote=held[0].quote, application=held[0].place.application, actor=actor, now=now)
    for line in sorted((charge.invoice_line for charge in held if charge.invoice_line), key=lambda each: each.pk):
        credit_whole(lines=[line], charges=held, reason=CreditReason.FEE_JOINED, actor=actor, now=now)
    close_second_charge(place_id=place.pk)
    due = [ToCharge(place.pk, quote)]
    bill = bill_and_charge(edition=place.edition, party=invoice.party, due=due, actor=actor, now=now)
    keep_payer(application=place.application, details=asdict(payer_in(invoice.party)))
    return bill


def _bill_both(
    place: Place, quote: Quote, first: BillingParty, second: SharingPayer, actor: Actor, now: datetime
) -> tuple[Invoice, Invoice]:
    parties = (first, name_party(payer=second.payer, actor=actor, now=now))
    others = (second.payer.legal_name, first.legal_name)
    parts = zip(parties, others, shares_of(quote.fee_minor or 0, second.share), strict=True)
    bills = []
    for number, (party, other, part) in enumerate(parts, start=1):
        share, due = BilledShare(part, other), [ToCharge(place.pk, quote, number)]
        bills.append(bill_and_charge(edition=place.edition, party=party, due=due, share=share, actor=actor, now=now))
    close_second_payer(application=place.application, billed=True, actor=actor, now=now)
    return bills[0], bills[1]


def _standing(balance: InvoiceBalance) -> list[str]:
    """Return why an unpaid bill is none: something of it is credited, paid or written off."""
    facts = {
        "credited_before": balance.credited_minor,
        "money_stands": balance.allocated_minor,
        "written_off": balance.written_off_minor,
    }
    return [reason for reason, minor in facts.items() if minor]


def _in_the_way(invoice: Invoice, balance: InvoiceBalance, second: SharingPayer) -> list[str]:
    """Return why a written bill cannot become two: what was done about it, whom it is for, who pays it."""
    facts = {"several_places": invoice.lines.count() != 1, "same_payer": payer_in(invoice.party) == second.payer}
    return [*_standing(balance), *(reason for reason, is_so in facts.items() if is_so)]


def _may_ask(place: Place, charges: Sequence[PlaceCharge], second: SharingPayer) -> Ruling:
    if place.state not in HOLDS_A_SEAT:
        return refusal("no_place_held")
    if any(charge.is_share for charge in charges):
        return refusal("shared_before")
    for charge in charges:
        bill = charge.invoice_line.invoice if charge.invoice_line else None
        stands = _in_the_way(bill, bill.balance, second) if bill else []
        if stands:
            return refusal(stands[0])
    if not charges:
        return may_share(second.share.minor + 1, second.share) if second.share.minor else ALLOWED
    return may_share(charges[0].quote.fee_minor or 0, second.share)


def _checked(invoice: Invoice, locked: Locked, second: SharingPayer) -> tuple[PlaceCharge, InvoiceLine]:
    balance, held = locked.balances[invoice.pk], locked.held
    facts = {"no_place_held": not held, "shared_before": any(charge.is_share for charge in held)}
    stands = [*_in_the_way(invoice, balance, second), *(reason for reason, is_so in facts.items() if is_so)]
    _require(refusal(stands[0]) if stands else may_share(held[0].quote.fee_minor or 0, second.share))
    return held[0], invoice.lines.get()


def _require(ruling: Ruling) -> None:
    if not ruling:
        raise NotToBeShared(ruling)
