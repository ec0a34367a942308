"""The step of reminding before a bill is due, and of releasing places that stay unpaid: settings, off by default."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.billing.mails import payment_due_mail
from chancery.domain.billing.mails.payments import PAYMENT_DUE
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.bank import lines_waiting_for
from chancery.domain.billing.queries.invoices import (
    list_proofs,
)
from chancery.domain.billing.services import allocating
from chancery.domain.billing.states import CreditReason
from chancery.domain.enrollment.mails import place_released_mail
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import bills_beside, list_open_bills_of_held_places
from chancery.domain.enrollment.services.places import lapse_place, lock_place, lock_seats
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import local_day, working_day_after
from chancery.foundation.mail.queries import told_of
from chancery.foundation.mail.services import queue_mail
from chancery.journey.correspond import dialogue_of
from chancery.journey.credit import CreditNotPossible, settle_leaving
from chancery.journey.offer import offer_after_leaving
from chancery.journey.owe import drop_promises

PROOF_PROTECTS = 5  # banking days after a proof of transfer in which nothing is released


def remind_of_payments(*, now: datetime) -> int:
    """Remind each payer once whose bill falls due soon; return how many reminders are new."""
    return sum(_remind(invoice, now) for invoice in _to_remind(now))


def release_unpaid_places(*, now: datetime) -> int:
    """Release the places of bills that stayed unpaid too long; return how many.

    Where the bill cannot be credited, the place stays and a person sees that the bill is late.
    """
    released = 0
    for invoice_id, edition in list(_to_release(now)):
        with suppress(CreditNotPossible):
            released += _release(invoice_id, edition, now)
    return released


def _to_remind(now: datetime) -> Iterator[Invoice]:
    for edition, today in _editions(now):
        days = get_content(edition).invoice.remind_days_before
        if not days:
            continue
        due = list_open_bills_of_held_places(edition).filter(due_on__range=(today, today + timedelta(days=days)))
        told = told_of(PAYMENT_DUE, [ref(invoice) for invoice in due])
        yield from (invoice for invoice in due if ref(invoice) not in told)


def _to_release(now: datetime) -> Iterator[tuple[int, Edition]]:
    for edition, today in _editions(now):
        days = get_content(edition).invoice.release_days_after
        if not days:
            continue
        late = list_open_bills_of_held_places(edition).filter(due_on__lt=today - timedelta(days=days))
        for invoice in late:
            if _may_release(invoice, edition, today):
                yield invoice.pk, edition


@transaction.atomic
def _remind(invoice: Invoice, now: datetime) -> int:
    queue_mail(payment_due_mail(invoice, open_minor=invoice.balance.open_minor), now=now)
    return 1


@transaction.atomic
def _release(invoice_id: int, edition: Edition, now: datetime) -> int:
    """Lock in the order of the house, look again (the money may have come meanwhile), release, and credit the bill.

    The places of the edition alone: one that moved to another edition goes by the settings of that one.
    """
    invoice = Invoice.objects.get(pk=invoice_id)
    lock_seats(edition)
    today = local_day(now, ZoneInfo(edition.time_zone))
    held = [lock_place(place.pk) for place in _reserved_places(invoice, edition)]
    places = [place for place in held if _has_had_its_time(place, edition, today)]
    beside = [each.pk for each in bills_beside(invoice)]
    balances = allocating.lock_invoice_balances([invoice.pk, *beside])
    has_received = any(balance.allocated_minor > 0 for balance in balances.values())
    if balances[invoice.pk].open_minor <= 0 or has_received or invoice.due_on is None:
        return 0

    for place in places:
        lapse_place(place_id=place.pk, reason="unpaid after the due day", actor=SYSTEM, now=now)
        drop_promises(place=place, now=now)
        settle_leaving(
            place=place,
            counts_from=now,
            rate=Decimal(1),
            due_on=today,
            reason=CreditReason.PLACE_RELEASED,
            actor=SYSTEM,
            now=now,
        )
        thread = dialogue_of(place.application)
        queue_mail(place_released_mail(place, due_on=invoice.due_on, thread=thread), now=now)
    offer_after_leaving(edition=edition, actor=SYSTEM, now=now)
    return len(places)


def _reserved_places(invoice: Invoice, edition: Edition) -> list[Place]:
    rows = Place.objects.select_related("application", "person", "edition__programme").order_by("id")
    charged = rows.filter(charges__current=True, charges__invoice_line__invoice=invoice.pk, edition=edition)
    return list(charged.filter(state=PlaceState.RESERVED))


def _may_release(invoice: Invoice, edition: Edition, today: date) -> bool:
    """Whether nothing has come from any payer of its place: where a part has, or waits, a person decides."""
    bills = [invoice, *bills_beside(invoice)]
    if any(bill.balance.allocated_minor > 0 or lines_waiting_for(bill) for bill in bills):
        return False
    if any(_is_protected(bill, today, ZoneInfo(edition.time_zone)) for bill in bills):
        return False
    return any(_has_had_its_time(place, edition, today) for place in _reserved_places(invoice, edition))


def _has_had_its_time(place: Place, edition: Edition, today: date) -> bool:
    """Whether the days of the setting have passed for this holder too: a place may come with a bill that is late."""
    return place.reserved_on < today - timedelta(days=get_content(edition).invoice.release_days_after)


def _is_protected(invoice: Invoice, today: date, zone: ZoneInfo) -> bool:
    newest = list_proofs(invoice).first()
    return newest is not None and today <= working_day_after(local_day(newest.uploaded_at, zone), PROOF_PROTECTS)


def _editions(now: datetime) -> Iterator[tuple[Edition, date]]:
    for edition in Edition.objects.filter(ends_on__gte=now.date()).select_related("programme"):
        yield edition, local_day(now, ZoneInfo(edition.time_zone))
