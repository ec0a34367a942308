"""Say what a place costs now."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import InvoiceLine, Quote
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import current_charges
from chancery.domain.enrollment.services.places import lock_place
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def charge_place(
    *,
    place_id: int,
    quote: Quote,
    invoice_line: InvoiceLine | None,
    payer_number: int = 1,
    actor: Actor,
    now: datetime,
) -> PlaceCharge:
    """Make the quote the price of the place; an earlier charge of this payer stays on file, no longer current.

    ``invoice_line`` is None exactly where nothing is due. ``payer_number`` is 2 for the bill of a second payer.
    """
    place = lock_place(place_id)
    PlaceCharge.objects.filter(place=place, payer_number=payer_number, current=True).update(current=False)
    charge = PlaceCharge.objects.create(place=place, quote=quote, invoice_line=invoice_line, payer_number=payer_number)
    record(
        Event.PLACE_CHARGED,
        actor=actor,
        subject=place,
        now=now,
        facts={"quote": quote.pk, "fee_minor": quote.fee_minor},
    )
    return charge


@transaction.atomic
def lock_places_of_invoices(invoice_ids: list[int]) -> list[PlaceCharge]:
    """Return the current charges billed on these invoices, their places locked in order of id."""
    charges = PlaceCharge.objects.filter(current=True, invoice_line__invoice__in=invoice_ids)
    place_ids = sorted(set(charges.values_list("place_id", flat=True)))
    list(Place.objects.select_for_update().filter(pk__in=place_ids).order_by("pk").values_list("pk"))
    return list(
        charges.select_related("place__person", "place__edition", "place__application", "invoice_line", "quote")
        .defer("quote__facts", "quote__reasons")
        .order_by("place_id", "payer_number")
    )


@transaction.atomic
def close_second_charge(*, place_id: int) -> None:
    """Say that the second payer of a place pays nothing any more: the first payer's charge is its whole price."""
    PlaceCharge.objects.filter(place=place_id, payer_number=2, current=True).update(current=False)


@transaction.atomic
def close_charge(*, place: Place) -> None:
    """Say that a place is over: what stays on its bill is paid, and no money is waited for."""
    PlaceCharge.objects.filter(place=place, current=True).update(current=False)


@transaction.atomic
def hand_on_charge(*, place: Place, successor: Place) -> None:
    """Let what a place costs be the price of its successor: the same quote, the same lines of the same bills."""
    for charge in current_charges(place):
        PlaceCharge.objects.filter(pk=charge.pk).update(current=False)
        PlaceCharge.objects.create(
            place=successor,
            quote=charge.quote,
            invoice_line=charge.invoice_line,
            payer_number=charge.payer_number,
        )
