"""The step of correcting a bill: a credit note over the whole of it and a new bill, in one act; its money moves along.

The places stay as sure as they were: what the old bill had received pays the new one in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.services.paying import keep_payer
from chancery.domain.billing.models import Invoice, InvoiceBalance, InvoiceLine
from chancery.domain.billing.policies.sharing import BilledShare
from chancery.domain.billing.queries.payers import Payer
from chancery.domain.billing.services import allocating
from chancery.domain.billing.services.allocating import TakenBack
from chancery.domain.billing.services.invoicing import InvoiceDataMissing, refuse_incomplete
from chancery.domain.billing.services.parties import name_party
from chancery.domain.billing.services.quoting import quote_for
from chancery.domain.billing.states import MOVED_FROM, CreditReason
from chancery.domain.enrollment.models import PlaceCharge
from chancery.domain.enrollment.queries import bills_beside, list_charges_on
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import invoice_due_on, terms_from_json
from chancery.foundation.audit.actors import Actor
from chancery.foundation.calendar import local_day
from chancery.foundation.ruling import Refused, refusal
from chancery.journey import repay
from chancery.journey.rebill import ToCharge, bill_and_charge, credit_whole, lock_bill

FIRST_PAYER = 1  # whom the application names; a second one stands on their own bill only

__all__ = ["InvoiceDataMissing", "NotToBeReissued", "due_anew", "reissue_bill"]


class NotToBeReissued(Refused):
    """Nobody holds a place by this bill, a part of it is credited or written off, or nothing would change."""


def due_anew(*, invoice: Invoice, now: datetime) -> date | None:
    """Return by when the bill that would be written now in the place of this one is to be paid.

    None where nothing of it is open, or it is the price of no place.
    """
    charges = list_charges_on(invoice)
    if not charges or not invoice.balance.open_minor:
        return None
    edition, terms = _edition_of(invoice, charges), terms_from_json(charges[0].quote.terms.rule)
    return invoice_due_on(local_day(now, ZoneInfo(edition.time_zone)), edition.starts_on, terms)


@transaction.atomic
def reissue_bill(
    *, invoice_id: int, payer: Payer, reason: CreditReason = CreditReason.PAYER_CHANGED, actor: Actor, now: datetime
) -> Invoice:
    """Credit a bill in full and issue it anew to the payer; what had been received pays the new bill.

    The new one names who holds the places now, and the days of the edition that they are in.

    Two officers at once: one writes the new bill, the other finds the old one credited.

    :raises NotToBeReissued: ``no_place_held``, ``credited_before``, ``written_off``, ``same_payer``, or
        ``sum_changed`` where money stands on a bill that would come to another sum, by another tax of the issuer.
    :raises InvoiceDataMissing: when the payer lacks what a bill must say, or no font of ours has its signs.
    """
    invoice = Invoice.objects.select_related("edition", "party").get(pk=invoice_id)
    refuse_incomplete(payer.missing)
    locked = lock_bill(invoice=invoice)
    balance, lines = locked.balances[invoice.pk], list(invoice.lines.order_by("position"))
    _check(invoice, balance, lines, locked.held, payer)
    freed = allocating.take_back(
        invoice_id=invoice.pk, amount_minor=balance.allocated_minor, reason=reason.value, actor=actor, now=now
    )
    credit_whole(lines=lines, charges=locked.held, reason=reason, actor=actor, now=now)
    return _bill_anew(invoice, locked.charges, payer, freed, actor, now)


def _check(
    invoice: Invoice,
    balance: InvoiceBalance,
    lines: Sequence[InvoiceLine],
    held: Sequence[PlaceCharge],
    payer: Payer,
) -> None:
    if balance.credited_minor:
        raise NotToBeReissued(refusal("credited_before"))
    if len(held) != len(lines):
        raise NotToBeReissued(refusal("no_place_held"))
    if balance.written_off_minor:
        raise NotToBeReissued(refusal("written_off"))
    is_same = all(getattr(invoice.party, name) == value for name, value in asdict(payer).items())
    if is_same and not any(_names_another(charge, invoice) for charge in held):
        raise NotToBeReissued(refusal("same_payer"))


def _names_another(charge: PlaceCharge, invoice: Invoice) -> bool:
    """Whether a bill names somebody who handed the place on, or the days of an edition that it is not in any more."""
    return charge.quote.application_id != charge.place.application_id or charge.place.edition_id != invoice.edition_id


def _bill_anew(
    old: Invoice,
    charges: Sequence[PlaceCharge],
    payer: Payer,
    freed: Sequence[TakenBack],
    actor: Actor,
    now: datetime,
) -> Invoice:
    ordered = sorted(charges, key=lambda charge: charge.invoice_line.position if charge.invoice_line else 0)
    for charge in ordered:
        if charge.payer_number == FIRST_PAYER:
            keep_payer(application=charge.place.application, details=asdict(payer))
    received = sum(part.amount_minor for part in freed)
    new = bill_and_charge(
        edition=_edition_of(old, ordered),
        party=name_party(payer=payer, actor=actor, now=now),
        due=[
            ToCharge(
                charge.place_id,
                quote_for(quote=charge.quote, application=charge.place.application, actor=actor, now=now),
                charge.payer_number,
            )
            for charge in ordered
        ],
        share=_share_of(old, ordered),
        paid_minor=received,
        actor=actor,
        now=now,
    )
    if received and new.total_minor != old.total_minor:
        raise NotToBeReissued(refusal("sum_changed"))
    why = f"{MOVED_FROM}{old.number}"
    booked = allocating.book_freed(freed=freed, invoice_id=new.pk, reason=why, actor=actor, now=now)
    repay.fit_promises(lines=[each.entry_id for each in booked], booked=booked, actor=actor, now=now)
    return new


def _edition_of(old: Invoice, charges: Sequence[PlaceCharge]) -> Edition:
    """Return the edition that all places of a bill are in by now; that of the bill where they are in several."""
    editions = {charge.place.edition_id: charge.place.edition for charge in charges}
    return next(iter(editions.values())) if len(editions) == 1 else old.edition


def _share_of(old: Invoice, charges: Sequence[PlaceCharge]) -> BilledShare | None:
    """Return the share of a fee that the old bill asked for; None for whole fees. A share stands on a bill alone."""
    line, other = charges[0].invoice_line, next(iter(bills_beside(old)), None)
    if line is None or other is None or not charges[0].is_share:
        return None
    return BilledShare(line.net_minor, other.party.legal_name)
