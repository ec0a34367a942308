"""Read the charges of places and the bills on which they stand."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, F, QuerySet

from chancery.domain.admissions.models import SecondPayer
from chancery.domain.billing.models import Invoice, InvoiceLine
from chancery.domain.billing.queries.invoices import HAS_OPEN
from chancery.domain.enrollment.models import (
    Place,
    PlaceCharge,
)
from chancery.domain.enrollment.states import (
    HOLDS_A_SEAT,
    STILL_OWES,
    PlaceState,
)
from chancery.domain.programme.models import Edition


def current_charges(place: Place) -> list[PlaceCharge]:
    """Return what the place costs now, with quote and bill: none before it is priced for good, two for two payers."""
    rows = PlaceCharge.objects.filter(place=place, current=True)
    rows = rows.select_related("quote", "invoice_line__invoice__balance", "invoice_line__invoice__party")
    return list(rows.order_by("payer_number"))


def list_charges_on(invoice: Invoice) -> list[PlaceCharge]:
    """Return what places cost now by the lines of a bill, in their order, with terms and edition."""
    rows = PlaceCharge.objects.filter(invoice_line__invoice=invoice, current=True)
    return list(rows.select_related("quote__terms", "place__edition").order_by("invoice_line__position"))


def billed_lines(place: Place) -> list[InvoiceLine]:
    """Return the lines that bill the place now, with bill, balance and payer: one a payer, in the order of bills."""
    lines = [charge.invoice_line for charge in current_charges(place) if charge.invoice_line is not None]
    return sorted(lines, key=lambda line: line.invoice_id)


def bills_beside(invoice: Invoice) -> list[Invoice]:
    """Return the bills of the other payers who share the fee of a place with this bill."""
    places = PlaceCharge.objects.filter(current=True, invoice_line__invoice=invoice).values("place")
    lines = InvoiceLine.objects.filter(charge__current=True, charge__place__in=places).exclude(invoice=invoice)
    return list(Invoice.objects.filter(lines__in=lines).select_related("party", "balance").distinct().order_by("id"))


def bills_before_and_after(invoice: Invoice) -> tuple[list[Invoice], list[Invoice]]:
    """Return the bills in whose place this one was written, and those that were written in its place, oldest first."""
    places = PlaceCharge.objects.filter(invoice_line__invoice=invoice).values("place")
    billed = PlaceCharge.objects.filter(place__in=places, invoice_line__isnull=False).select_related("quote")
    by_place: dict[int, list[PlaceCharge]] = {}
    for charge in billed.select_related("invoice_line__invoice").order_by("pk"):
        by_place.setdefault(charge.place_id, []).append(charge)
    steps = {step for charges in by_place.values() for step in _successions(charges)}
    before = {old for old, new in steps if new == invoice}
    after = {new for old, new in steps if old == invoice}
    return sorted(before, key=_by_id), sorted(after, key=_by_id)


def _successions(charges: Iterable[PlaceCharge]) -> Iterator[tuple[Invoice, Invoice]]:
    """Yield each bill of a place that was replaced and the bill that replaced it.

    A payer's next bill replaces their last one; where two payers begin to share a fee, or end it, all that stands is
    replaced by each of the new ones.
    """
    standing: dict[int, PlaceCharge] = {}
    opening: list[PlaceCharge] = []
    for charge in charges:
        if any(each.is_share != charge.is_share for each in standing.values()):
            opening, standing = list(standing.values()), {}
        own = standing.get(charge.payer_number)
        for old in [own] if own else opening:
            yield _bill_of(old), _bill_of(charge)
        standing[charge.payer_number] = charge


def _bill_of(charge: PlaceCharge) -> Invoice:
    assert charge.invoice_line is not None  # noqa: S101 -- only billed ones are asked
    return charge.invoice_line.invoice


def _by_id(invoice: Invoice) -> int:
    return invoice.pk


def shared_with(invoice_ids: Iterable[int]) -> dict[int, str]:
    """Return the name of the other payer for those of the bills that ask for a share of a fee."""
    ids = list(invoice_ids)
    mine = PlaceCharge.objects.filter(current=True, invoice_line__invoice__in=ids)
    beside = PlaceCharge.objects.filter(current=True, invoice_line__isnull=False, place__in=mine.values("place"))
    rows = beside.values_list("place", "invoice_line__invoice", "invoice_line__invoice__party__legal_name")
    by_place: dict[int, dict[int, str]] = {}
    for place, bill, name in rows:
        by_place.setdefault(place, {})[bill] = name
    pairs = [names for names in by_place.values() if len(names) > 1]
    return {bill: name for names in pairs for bill in names for other, name in names.items() if other != bill}


def list_share_wishes(edition: Edition) -> list[SecondPayer]:
    """Return the second payers who were named for places whose one bill is written, the oldest first."""
    held = PlaceCharge.objects.filter(current=True, place__edition=edition, place__state__in=HOLDS_A_SEAT)
    billed = held.filter(invoice_line__isnull=False)
    rows = SecondPayer.objects.filter(closed_at=None, application__in=billed.values("place__application"))
    return list(rows.select_related("application__person").order_by("named_at", "id"))


def list_held_charges(edition: Edition) -> list[PlaceCharge]:
    """Return what those pay who hold a seat, with quote, terms and bill, by place."""
    rows = PlaceCharge.objects.filter(current=True, place__edition=edition, place__state__in=HOLDS_A_SEAT)
    rows = rows.select_related("quote__terms", "quote__application", "place__edition", "place__person")
    rows = rows.select_related("invoice_line__invoice__balance", "place__application__authority__city")
    return list(rows.order_by("place_id"))


def bills_still_due(invoice_ids: Iterable[int]) -> set[int]:
    """Return those of the bills that are to be paid: the price of a held place, or of one given up too late (C3)."""
    rows = PlaceCharge.objects.filter(
        current=True, invoice_line__invoice__in=list(invoice_ids), place__state__in=STILL_OWES
    )
    return set(rows.values_list("invoice_line__invoice", flat=True))


def bills_of_held_places(invoice_ids: Iterable[int]) -> set[int]:
    """Return those of the bills that are the price of a place which holds a seat."""
    rows = PlaceCharge.objects.filter(
        current=True, invoice_line__invoice__in=list(invoice_ids), place__state__in=HOLDS_A_SEAT
    )
    return set(rows.values_list("invoice_line__invoice", flat=True))


def list_bills_of_held_places(edition: Edition) -> QuerySet[Invoice]:
    """Return the bills that are the price of a place held in an edition, the oldest first.

    A place that moved here brought its bill along: that one was written in another edition.
    """
    held = PlaceCharge.objects.filter(current=True, place__edition=edition, place__state__in=HOLDS_A_SEAT)
    rows = Invoice.objects.select_related("party", "balance")
    return rows.filter(pk__in=held.values("invoice_line__invoice")).order_by("id")


def list_open_bills_of_held_places(edition: Edition) -> QuerySet[Invoice]:
    """Return those of the bills of held places with something open, the oldest first."""
    return list_bills_of_held_places(edition).filter(HAS_OPEN)


def list_ended_bills() -> set[int]:
    """Return the bills of which a place has ended, or which are the price of no place any more.

    Whoever gave a place up too late still owes its fee: such a bill is paid like any other.
    """
    current = PlaceCharge.objects.filter(current=True, invoice_line__isnull=False)
    priced = dict(current.values_list("invoice_line__invoice").annotate(n=Count("id")).order_by())
    owing = current.filter(place__state__in=STILL_OWES).values_list("invoice_line__invoice")
    standing = dict(owing.annotate(n=Count("id")).order_by())
    bills = Invoice.objects.values_list("pk", flat=True)
    return {pk for pk in bills if pk not in priced or standing.get(pk, 0) < priced[pk]}


def released_references() -> list[str]:
    """Return the creditor references of bills that were credited in whole, and whose places were released unpaid."""
    is_credited = Invoice.objects.filter(balance__credited_minor=F("balance__total_minor"))
    held = is_credited.filter(lines__charge__place__state__in=HOLDS_A_SEAT)
    released = is_credited.filter(lines__charge__place__state=PlaceState.LAPSED).exclude(pk__in=held.values("pk"))
    return list(released.distinct().values_list("creditor_reference", flat=True))


def list_unbilled(edition: Edition) -> list[Place]:
    """Return reserved places that have no price for good yet: no payer, no fee, or a bill that could not be issued."""
    rows = Place.objects.filter(edition=edition, state=PlaceState.RESERVED).exclude(charges__current=True)
    return list(rows.select_related("person", "application__authority__city").order_by("reserved_on", "id"))
