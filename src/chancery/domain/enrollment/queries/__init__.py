"""Read seats, places and the waiting list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, QuerySet, When

from chancery.domain.admissions.models import SecondPayer
from chancery.domain.billing.models import BankEntry, Invoice, InvoiceLine
from chancery.domain.billing.queries.bank import lines_waiting_for
from chancery.domain.billing.queries.invoices import HAS_OPEN
from chancery.domain.enrollment.models import (
    CancellationNotice,
    EditionChoice,
    Place,
    PlaceCharge,
    Substitution,
    WaitingEntry,
)
from chancery.domain.enrollment.states import (
    HOLDS_A_SEAT,
    NOTICE_WAITS,
    STILL_OWES,
    SUBSTITUTION_OPEN,
    ChoiceState,
    NoticeState,
    PlaceState,
    SubstitutionState,
)
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import GroupScope
from chancery.foundation.calendar import last_deadline_over, local_day


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of an edition; ``guaranteed`` and ``reserved`` add up to what is taken, ``held`` are offered."""

    capacity: int
    guaranteed: int
    reserved: int
    held: int = 0

    @property
    def taken(self) -> int:
        """Seats that somebody holds."""
        return self.guaranteed + self.reserved

    @property
    def free(self) -> int:
        """Seats that nobody holds and that are offered to nobody."""
        return max(self.capacity - self.taken - self.held, 0)


def list_places(edition: Edition) -> QuerySet[Place]:
    """Return the places of an edition that hold a seat, with person and application, by day of registration."""
    return (
        Place.objects.filter(edition=edition, state__in=HOLDS_A_SEAT)
        .select_related("person", "application", "edition")
        .order_by("reserved_on", "id")
    )


def find_place(application_id: int) -> Place | None:
    """Return the place of an application, or None before admission."""
    return Place.objects.filter(application_id=application_id).select_related("edition", "person").first()


def open_choice(place: Place) -> EditionChoice | None:
    """Return what the holder of a place is asked: the next edition or the money; None where nobody asked."""
    return EditionChoice.objects.filter(place=place, state=ChoiceState.ASKED).select_related("target").first()


def moved_to(place_id: int) -> int:
    """Return the place that a place became when its holder chose the next edition, or itself where it never moved."""
    while successor := EditionChoice.objects.filter(place=place_id).values_list("successor", flat=True).first():
        place_id = successor
    return place_id


def list_choices(edition: Edition) -> QuerySet[EditionChoice]:
    """Return who of an edition that is not held was asked what to do, and what they chose, by reference."""
    rows = EditionChoice.objects.filter(place__edition=edition)
    return rows.select_related("place__person", "place__application", "target").order_by(
        "place__application__reference"
    )


def list_choices_over(*, now: datetime) -> QuerySet[EditionChoice]:
    """Return the choices that nobody made in time; the last second is in time to its end."""
    return EditionChoice.objects.filter(state=ChoiceState.ASKED, answer_by__lte=last_deadline_over(now)).order_by("id")


def list_choices_due(*, before: datetime, asked_before: datetime, now: datetime) -> QuerySet[EditionChoice]:
    """Return the choices that have to be made before an instant, of people who were asked before another one."""
    rows = EditionChoice.objects.filter(state=ChoiceState.ASKED, place__state__in=HOLDS_A_SEAT)
    rows = rows.filter(answer_by__gt=last_deadline_over(now), answer_by__lte=before, asked_at__lte=asked_before)
    return rows.select_related("target", "place__person", "place__edition__programme", "place__application")


def count_seats(edition: Edition) -> Seats:
    """Return the seats of an edition by state, in two queries."""
    counted = dict(
        Place.objects.filter(edition=edition, state__in=HOLDS_A_SEAT)
        .values_list("state")
        .annotate(n=Count("id"))
        .order_by()
    )
    return Seats(
        capacity=edition.capacity,
        guaranteed=counted.get(PlaceState.GUARANTEED, 0),
        reserved=counted.get(PlaceState.RESERVED, 0),
        held=WaitingEntry.objects.filter(edition=edition, left_at=None, offered_until__isnull=False).count(),
    )


def list_waiting(edition: Edition) -> QuerySet[WaitingEntry]:
    """Return who waits for a seat, in order."""
    return (
        WaitingEntry.objects.filter(edition=edition, left_at=None)
        .select_related("application__person", "application__authority__city__country")
        .order_by("rank")
    )


def list_offers_over(*, now: datetime) -> QuerySet[WaitingEntry]:
    """Return the offers that have ended and that nobody answered, the oldest first."""
    return WaitingEntry.objects.filter(left_at=None, offered_until__lte=last_deadline_over(now)).order_by(
        "offered_until", "id"
    )


def current_charges(place: Place) -> list[PlaceCharge]:
    """Return what the place costs now, with quote and bill: none before it is priced for good, two for two payers."""
    rows = PlaceCharge.objects.filter(place=place, current=True)
    rows = rows.select_related("quote", "invoice_line__invoice__balance", "invoice_line__invoice__party")
    return list(rows.order_by("payer_number"))


def billed_lines(place: Place) -> list[InvoiceLine]:
    """Return the lines that bill the place now, with bill, balance and payer: one a payer, in the order of bills."""
    lines = [charge.invoice_line for charge in current_charges(place) if charge.invoice_line is not None]
    return sorted(lines, key=lambda line: line.invoice_id)


def bills_beside(invoice: Invoice) -> list[Invoice]:
    """Return the bills of the other payers who share the fee of a place with this bill."""
    places = PlaceCharge.objects.filter(current=True, invoice_line__invoice=invoice).values("place")
    lines = InvoiceLine.objects.filter(charge__current=True, charge__place__in=places).exclude(invoice=invoice)
    return list(Invoice.objects.filter(lines__in=lines).select_related("party", "balance").distinct().order_by("id"))


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


def first_in_edition(place: Place) -> Place:
    """Return the place by which a seat was reserved first in its edition: that of whoever handed it on, else itself."""
    while taken := Substitution.objects.filter(successor=place).select_related("place").first():
        place = taken.place
    return place


def contract_day(place: Place) -> date:
    """Return the day of the contract: of the first reservation, also where the place was handed on or has moved."""
    place = first_in_edition(place)
    while chosen := EditionChoice.objects.filter(successor=place).select_related("place").first():
        place = first_in_edition(chosen.place)
    return place.reserved_on


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


def list_open_bills_of_held_places(edition: Edition) -> QuerySet[Invoice]:
    """Return the bills with something open that are the price of a place held in an edition, the oldest first.

    A place that moved here brought its bill along: that one was written in another edition.
    """
    held = PlaceCharge.objects.filter(current=True, place__edition=edition, place__state__in=HOLDS_A_SEAT)
    rows = Invoice.objects.select_related("party", "balance").filter(HAS_OPEN)
    return rows.filter(pk__in=held.values("invoice_line__invoice")).order_by("id")


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


def count_group(place: Place, scope: GroupScope) -> int:
    """Return how many people of the place's group hold a seat, itself included (promise B4)."""
    application = place.application
    held = Place.objects.filter(edition=place.edition, state__in=HOLDS_A_SEAT)
    if scope is GroupScope.DECLARED:
        mates = held.filter(application__group=application.group) if application.group_id else held.none()
    elif scope is not GroupScope.PAYER and application.authority_id is None:
        mates = held.none()
    elif scope is GroupScope.AUTHORITY:
        mates = held.filter(application__authority=application.authority_id)
    elif scope is GroupScope.CITY:
        mates = held.filter(application__authority__city__authorities=application.authority_id)
    else:
        payer = getattr(application, "payer", None)
        named = held.filter(application__payer__legal_name=payer.legal_name) if payer else held.none()
        mates = named.filter(application__payer__country=payer.country) if payer else named
    return mates.exclude(pk=place.pk).count() + 1


def list_unbilled(edition: Edition) -> list[Place]:
    """Return reserved places that have no price for good yet: no payer, no fee, or a bill that could not be issued."""
    rows = Place.objects.filter(edition=edition, state=PlaceState.RESERVED).exclude(charges__current=True)
    return list(rows.select_related("person", "application__authority__city").order_by("reserved_on", "id"))


def list_notices(edition: Edition, *, waiting: bool | None = None) -> QuerySet[CancellationNotice]:
    """Return the messages of an edition's places about leaving, newest first; those that wait, those that do not."""
    rows = CancellationNotice.objects.filter(place__edition=edition).select_related(
        "place__person", "place__application__authority__city", "place__edition", "mail__handling", "decided_by"
    )
    if waiting is not None:
        rows = rows.filter(state__in=NOTICE_WAITS) if waiting else rows.exclude(state__in=NOTICE_WAITS)
    return rows.order_by("-received_at", "-id")


def money_waiting_for(notice: CancellationNotice) -> list[BankEntry]:
    """Return the lines that wait for a bill of the place and, once booked, count as paid by the day of the notice.

    Each carries its balance, whose ``left_minor`` is what waits. Later money is no part of what the terms keep.
    """
    day = local_day(notice.counts_from, ZoneInfo(notice.place.edition.time_zone))
    bills = [line.invoice for line in billed_lines(notice.place)]
    lines = {line.pk: line for bill in bills for line in lines_waiting_for(bill)}
    return [line for line in lines.values() if (line.value_date or line.booking_date or day) <= day]


def open_substitution(place: Place) -> Substitution | None:
    """Return the colleague who is named for a place and about whom nobody has decided, or None."""
    return Substitution.objects.filter(place=place, state__in=SUBSTITUTION_OPEN).first()


def count_to_hand_over(edition: Edition) -> int:
    """Count the colleagues who said yes and whose place the office has not handed over yet."""
    return Substitution.objects.filter(place__edition=edition, state=SubstitutionState.CONFIRMED).count()


def list_substitutions(edition: Edition) -> QuerySet[Substitution]:
    """Return whom participants of an edition named to come instead, those that wait for the office first."""
    rows = Substitution.objects.filter(place__edition=edition).select_related(
        "place__person", "place__application__authority__city", "successor__application", "decided_by"
    )
    waits = Case(When(state=SubstitutionState.CONFIRMED, then=0), default=1)
    return rows.order_by(waits, "-proposed_at", "-id")


def latest_notice(place: Place) -> CancellationNotice | None:
    """Return what a place's participant reads about leaving: the newest notice that a person wrote and that stands."""
    hidden = [NoticeState.AUTOMATIC, NoticeState.FOLLOWS, NoticeState.NOT_ONE, NoticeState.ABANDONED]
    rows = (
        CancellationNotice.objects.filter(place=place)
        .exclude(state__in=hidden)
        .select_related("credit_note", "second_credit_note")
    )
    return rows.order_by("-id").first()


def deadline_within(span: timedelta, *, now: datetime) -> bool:
    """Tell whether the last refundable instant of somebody's place lies ahead, at most that far."""
    held = Place.objects.filter(state__in=HOLDS_A_SEAT)
    return held.filter(refundable_until__gt=last_deadline_over(now), refundable_until__lte=now + span).exists()
