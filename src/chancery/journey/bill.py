"""The step from a reserved place to its bill: price it, name who pays, issue, or settle where nothing is due."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.admissions.services.paying import keep_payer
from chancery.domain.billing.documents.paper import render_bill
from chancery.domain.billing.documents.payer_pack import payer_pack
from chancery.domain.billing.models import FeeException, Invoice, Quote
from chancery.domain.billing.queries.exceptions import get_open_exception
from chancery.domain.billing.queries.issuing import billing_facts, four_eyes_of
from chancery.domain.billing.queries.payers import Payer, payer_of, second_payer_of
from chancery.domain.billing.services import exceptions
from chancery.domain.billing.services.external import NotToBeRecorded, record_external_invoice
from chancery.domain.billing.services.invoicing import UNPRINTABLE, InvoiceDataMissing, refuse_incomplete
from chancery.domain.billing.services.parties import name_party
from chancery.domain.billing.services.quoting import quote_application
from chancery.domain.billing.states import ExceptionState
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import count_group
from chancery.domain.enrollment.services.charges import charge_place
from chancery.domain.enrollment.services.places import lock_place, lock_seats
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.files.models import StoredFile
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import meet_obligation
from chancery.foundation.ruling import Refused, refusal
from chancery.journey import follow
from chancery.journey.owe import promise_about
from chancery.journey.papers import bytes_of
from chancery.journey.rebill import ToCharge, bill_and_charge
from chancery.journey.shares import bill_shares

FEE_DECISION_DAYS = 3  # working days, as the fee finder promises
INVOICE_DAYS = 3  # working days in which the office finds out what a bill lacks

__all__ = [
    "AlreadyBilled",
    "InvoiceDataMissing",
    "NotToBeRecorded",
    "Payer",
    "bill_places",
    "decide_fee_exception",
    "invoice_pack",
    "invoice_pdf",
    "issue_for_place",
    "name_payer",
    "propose_fee_exception",
    "record_external",
]


class AlreadyBilled(Refused):
    """The place has its bill; a change of the payer is a credit note and a new bill."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A place with something to pay and somebody who pays it."""

    place: Place
    quote: Quote
    payer: Payer


@transaction.atomic
def bill_places(*, places: Sequence[Place], actor: Actor, now: datetime) -> None:
    """Bill each place, or guarantee it where nothing is due, or open the promise of what is still unknown.

    Call it when all places of a batch are reserved: a group counts its admitted members (promise B4).
    """
    due: list[_Due] = []
    for place in sorted(places, key=lambda each: each.pk):
        quote = _quote(place, actor, now)
        if quote.officer_decides:
            promise_about(
                place=place, kind=ObligationKind.FEE_DECISION, days=FEE_DECISION_DAYS, basis="promise B3", now=now
            )
        elif quote.fee_minor == 0:
            charge_place(place_id=place.pk, quote=quote, invoice_line=None, actor=actor, now=now)
            follow.guarantee_free_place(place_id=place.pk, actor=actor, now=now)
            meet_obligation(ObligationKind.INVOICE, subject=place, now=now)
        else:
            _collect(due, place, quote, now)
    for together in _per_bill(due):
        _issue(together, actor, now)


@transaction.atomic
def name_payer(*, place_id: int, payer: Payer, actor: Actor, now: datetime) -> Invoice | None:
    """Bill a reserved place to the payer that its participant names.

    None while the fee waits for an officer or a second person, where by now nothing is due, and while the issuer's
    own data is not complete: the payer is kept, and the office has promised the bill.

    :raises AlreadyBilled: when a bill was issued.
    :raises InvoiceDataMissing: when the payer lacks what a bill must say, or no font of ours has its signs.
    """
    place = _unbilled(place_id)
    refuse_incomplete(payer.missing)
    keep_payer(application=place.application, details=asdict(payer))
    try:
        return _issue_if_due(place, payer, actor, now)
    except InvoiceDataMissing as missing:
        if UNPRINTABLE in missing.ruling.reasons:
            raise
        _promise_bill(place, str(missing), now)
        return None


@transaction.atomic
def issue_for_place(*, place_id: int, actor: Actor, now: datetime) -> Invoice | None:
    """Try again to bill a place whose bill could not be issued; None where nothing is to be billed.

    :raises AlreadyBilled: when a bill was issued.
    :raises InvoiceDataMissing: when something is still missing.
    """
    place = _unbilled(place_id)
    payer = payer_of(place.application)
    if payer is None:
        raise InvoiceDataMissing(refusal("party"), "missing: party")
    refuse_incomplete(payer.missing)
    return _issue_if_due(place, payer, actor, now)


@transaction.atomic
def propose_fee_exception(*, place_id: int, fee_minor: int, reason: str, actor: Actor, now: datetime) -> FeeException:
    """Propose a fee that the rules do not give; another person approves it.

    :raises AlreadyBilled: when a bill was issued.
    :raises chancery.domain.billing.services.exceptions.ExceptionNotPossible: without a reason, or out of range.
    """
    place = _unbilled(place_id)
    return exceptions.propose_exception(
        application=place.application, fee_minor=fee_minor, reason=reason, actor=actor, now=now
    )


@transaction.atomic
def decide_fee_exception(*, exception_id: int, approved: bool, actor: Actor, now: datetime) -> FeeException:
    """Approve or reject a proposed fee as the second person; the place is billed at once by the fee that then stands.

    :raises AlreadyBilled: when a fee is approved for a place that was billed meanwhile or has ended.
    :raises chancery.domain.billing.services.four_eyes.NeedsAnotherPerson: when the same person proposed it, unless
        the edition lets one do both.
    """
    application_id = FeeException.objects.values_list("application_id", flat=True).get(pk=exception_id)
    place = Place.objects.select_related("edition").get(application=application_id)
    exception = exceptions.decide_exception(
        exception_id=exception_id, approved=approved, rule=four_eyes_of(place.edition), actor=actor, now=now
    )
    try:
        place = _unbilled(place.pk)
    except AlreadyBilled:
        if exception.state == ExceptionState.APPROVED:
            raise
        return exception
    bill_places(places=[place], actor=actor, now=now)
    return exception


@transaction.atomic
def record_external(
    *, number: str, external_number: str, issued_on: date, file: StoredFile | None, actor: Actor, now: datetime
) -> None:
    """Record the invoice that the issuer's own system made for a payment request."""
    record_external_invoice(
        request_number=number,
        number=external_number,
        issued_on=issued_on,
        file=file,
        actor=actor,
        now=now,
    )


def invoice_pdf(*, invoice: Invoice, now: datetime) -> bytes:
    """Return the paper of a bill.

    On first look it is made from the frozen facts and stored: the same bytes for ever.

    :raises LookupError: when the bill has no paper.
    """
    document = invoice.document
    if document is None:
        raise LookupError(f"{invoice.number} has no paper")
    return bytes_of(document, make=render_bill, now=now)


def invoice_pack(*, invoice: Invoice, now: datetime) -> bytes:
    """Return what the payer's accounts department needs, as one ZIP.

    :raises chancery.domain.billing.documents.payer_pack.NoPackForCreditNote: when the bill is a credit note.
    :raises LookupError: when the bill has no paper.
    """
    return payer_pack(invoice, invoice_pdf(invoice=invoice, now=now))


def _quote(place: Place, actor: Actor, now: datetime) -> Quote:
    size = count_group(place, frozen_rule(place.application).group_scope)
    quote = quote_application(application=place.application, group_size=size, actor=actor, now=now)
    if not quote.officer_decides:
        meet_obligation(ObligationKind.FEE_DECISION, subject=place, now=now)
    return quote


def _collect(due: list[_Due], place: Place, quote: Quote, now: datetime) -> None:
    payer = payer_of(place.application)
    if payer is None or payer.missing:
        missing = ", ".join(payer.missing) if payer else "party"
        _promise_bill(place, f"missing: {missing}", now)
        return
    due.append(_Due(place, quote, payer))


def _per_bill(due: list[_Due]) -> Iterable[list[_Due]]:
    """Return which places share a bill: one each, or one for a group of one payer and terms, where asked."""
    bills: dict[tuple[object, ...], list[_Due]] = {}
    for each in due:
        group_id = each.place.application.group_id
        shared = group_id is not None and billing_facts(each.place.edition).one_for_group
        alone = not shared or second_payer_of(each.place.application) is not None
        key = (each.place.pk,) if alone else (group_id, each.payer, each.quote.terms_id)
        bills.setdefault(key, []).append(each)
    return bills.values()


def _issue(together: list[_Due], actor: Actor, now: datetime) -> None:
    """Issue the bill, or promise it where the issuer lacks something: an admission does not wait for that."""
    try:
        _issue_strictly(together, actor, now)
    except InvoiceDataMissing as missing:
        for each in together:
            _promise_bill(each.place, str(missing), now)


@transaction.atomic
def _issue_strictly(together: list[_Due], actor: Actor, now: datetime) -> Invoice:
    party = name_party(payer=together[0].payer, actor=actor, now=now)
    if len(together) == 1:
        alone = together[0]
        first = bill_shares(place=alone.place, quote=alone.quote, first=party, actor=actor, now=now)
        if first is not None:
            meet_obligation(ObligationKind.INVOICE, subject=alone.place, now=now)
            return first
    due = [ToCharge(each.place.pk, each.quote) for each in together]
    invoice = bill_and_charge(edition=together[0].place.edition, party=party, due=due, actor=actor, now=now)
    for each in together:
        meet_obligation(ObligationKind.INVOICE, subject=each.place, now=now)
    return invoice


def _issue_if_due(place: Place, payer: Payer, actor: Actor, now: datetime) -> Invoice | None:
    """Bill a place; a fee that somebody still decides on waits, and one of zero makes the place sure."""
    if get_open_exception(place.application) is not None:
        return None
    quote = _quote(place, actor, now)
    if quote.officer_decides or not quote.fee_minor:
        bill_places(places=[place], actor=actor, now=now)
        return None
    return _issue_strictly([_Due(place, quote, payer)], actor, now)


def _unbilled(place_id: int) -> Place:
    lock_seats(Place.objects.select_related("edition").get(pk=place_id).edition)
    place = lock_place(place_id)
    if _is_billed(place) or place.state != PlaceState.RESERVED:
        raise AlreadyBilled(refusal("already_billed"))
    return place


def _is_billed(place: Place) -> bool:
    return PlaceCharge.objects.filter(place=place, current=True).exists()


def _promise_bill(place: Place, basis: str, now: datetime) -> None:
    promise_about(place=place, kind=ObligationKind.INVOICE, days=INVOICE_DAYS, basis=basis[:200], now=now)
