"""A place takes its seat under the counter and is sure only when nothing is left to pay (promises B1, B2)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from tests.factories.admissions import make_application
from tests.factories.programme import make_edition

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.models import Place, SeatCounter
from chancery.domain.enrollment.queries import Seats, count_seats
from chancery.domain.enrollment.services.places import (
    NoSeatLeft,
    PlaceMoveNotAllowed,
    PlaceNotGuaranteed,
    guarantee_place,
    lapse_place,
    make_place_unsure,
    move_refund_deadlines,
    reserve_place,
)
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import Edition
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 11, 22, 30, tzinfo=UTC)


def reserve(edition: Edition) -> Place:
    application = make_application(edition=edition, state=ApplicationState.ADMITTED)
    return reserve_place(application=application, now=NOW, actor=SYSTEM)


def test_a_reserved_place_takes_a_seat_and_keeps_what_was_printed() -> None:
    edition = make_edition(capacity=2)

    place = reserve(edition)

    assert place.state == PlaceState.RESERVED
    assert place.reserved_on == date(2024, 10, 12), "the day of registration is Barcelona's"
    assert place.starts_on_printed == edition.starts_on
    assert place.refundable_until == datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)
    assert place.thread.purpose == "reservation"
    assert SeatCounter.objects.get(edition=edition).taken == 1
    assert AuditEvent.objects.filter(name="enrollment.place.reserved").count() == 1


def test_the_last_seat_is_given_once() -> None:
    edition = make_edition(capacity=1)
    reserve(edition)

    with pytest.raises(NoSeatLeft):
        reserve(edition)

    assert count_seats(edition) == Seats(capacity=1, guaranteed=0, reserved=1)


def test_the_database_refuses_to_oversell() -> None:
    edition = make_edition(capacity=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        SeatCounter.objects.create(edition=edition, capacity=1, taken=2)


def test_a_part_paid_place_is_not_guaranteed() -> None:
    place = reserve(make_edition())

    with pytest.raises(PlaceNotGuaranteed) as refused:
        guarantee_place(place_id=place.pk, open_minor=1, actor=SYSTEM, now=NOW)

    assert refused.value.ruling.reasons == ("payment_incomplete",)


def test_a_place_with_nothing_to_pay_is_guaranteed_once() -> None:
    place = reserve(make_edition())

    for _ in range(2):
        place = guarantee_place(place_id=place.pk, open_minor=0, actor=SYSTEM, now=NOW)

    assert (place.state, place.guaranteed_at) == (PlaceState.GUARANTEED, NOW)
    assert AuditEvent.objects.filter(name="enrollment.place.guaranteed").count() == 1


def test_a_place_whose_money_is_lost_is_unsure_again_and_keeps_its_seat() -> None:
    edition = make_edition(capacity=1)
    place = reserve(edition)
    guarantee_place(place_id=place.pk, open_minor=0, actor=SYSTEM, now=NOW)

    place = make_place_unsure(place_id=place.pk, reason="reversal", actor=SYSTEM, now=NOW)

    assert (place.state, place.guaranteed_at) == (PlaceState.RESERVED, None)
    assert SeatCounter.objects.get(edition=edition).taken == 1


def test_a_lapsed_place_frees_its_seat_and_cannot_be_guaranteed() -> None:
    edition = make_edition(capacity=1)
    place = reserve(edition)

    lapse_place(place_id=place.pk, reason="unpaid", actor=SYSTEM, now=NOW)

    assert SeatCounter.objects.get(edition=edition).taken == 0
    with pytest.raises(PlaceMoveNotAllowed):
        guarantee_place(place_id=place.pk, open_minor=0, actor=SYSTEM, now=NOW)


def test_a_guaranteed_place_never_lapses() -> None:
    place = reserve(make_edition())
    guarantee_place(place_id=place.pk, open_minor=0, actor=SYSTEM, now=NOW)

    with pytest.raises(PlaceMoveNotAllowed):
        lapse_place(place_id=place.pk, reason="unpaid", actor=SYSTEM, now=NOW)


def test_the_waiting_list_keeps_the_order_of_arrival() -> None:
    edition = make_edition()
    first, second = make_application(edition=edition), make_application(edition=edition)

    ranks = [
        join_waiting_list(application=application, actor=SYSTEM, now=NOW).rank for application in (first, second, first)
    ]

    assert ranks == [1, 2, 1]


def test_dates_that_move_later_move_the_refund_deadline() -> None:
    edition = make_edition()
    place = reserve(edition)
    edition.starts_on, edition.ends_on = date(2024, 12, 2), date(2024, 12, 6)
    edition.save()

    assert move_refund_deadlines(edition=edition) == 1

    place.refresh_from_db()
    assert place.refundable_until == datetime(2024, 11, 1, 22, 59, 59, tzinfo=UTC)
