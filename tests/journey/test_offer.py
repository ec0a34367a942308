"""A free seat goes down the waiting list: held for one person until a day, then for the next (promise A10)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.money import billed_place
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice
from chancery.domain.enrollment.models import Place, SeatCounter, WaitingEntry
from chancery.domain.enrollment.queries import count_seats
from chancery.domain.enrollment.services.places import NoSeatLeft, ensure_seat_counter, reserve_place
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.mail.models import MailContent, OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.journey import apply, cancel, offer

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 10, 14, 8, 0, tzinfo=UTC)
ENDS = datetime(2024, 10, 21, 16, 0, tzinfo=UTC)  # five working days on, 18:00 in Barcelona


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.ADMISSIONS).pk)


def waiting(edition: Edition) -> Application:
    application = make_application(edition=edition, state=ApplicationState.WAITING)
    join_waiting_list(application=application, actor=SYSTEM, now=MONDAY)
    return application


def offer_seats(edition: Edition, actor: Actor, now: datetime = MONDAY) -> int:
    return offer.offer_free_seats(edition_id=edition.pk, actor=actor, now=now)


def seats(edition: Edition) -> tuple[int, int]:
    counter = SeatCounter.objects.get(edition=edition)
    return counter.taken, counter.held


def state_of(application: Application) -> str:
    application.refresh_from_db()
    return application.state


def kinds() -> list[str]:
    return list(OutgoingMail.objects.order_by("id").values_list("kind", flat=True))


def test_a_free_seat_is_offered_to_whoever_waits_longest_and_held(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    first, second = waiting(edition), waiting(edition)

    assert (offer_seats(edition, officer), offer_seats(edition, officer)) == (1, 0)

    assert (state_of(first), state_of(second)) == (ApplicationState.OFFERED, ApplicationState.WAITING)
    assert WaitingEntry.objects.get(application=first).offered_until == ENDS
    assert (seats(edition), count_seats(edition).free) == ((0, 1), 0)
    assert "Mon 21 Oct 2024, 18:00" in MailContent.objects.get(mail__kind="enrollment/seat_offered").text
    assert Obligation.objects.get(kind="offer").due_at == ENDS


def test_a_held_seat_is_given_to_nobody_else(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    waiting(edition)
    offer_seats(edition, officer)
    other = make_application(edition=edition, state=ApplicationState.ADMITTED)

    with pytest.raises(NoSeatLeft):
        reserve_place(application=other, now=MONDAY, actor=officer)


def test_yes_reserves_and_bills_in_one_act_and_only_once(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    first = waiting(edition)
    offer_seats(edition, officer)

    place = offer.accept_offer(application_id=first.pk, actor=officer, now=ENDS)

    assert (state_of(first), seats(edition)) == (ApplicationState.ADMITTED, (1, 0))
    assert place.reserved_on == date(2024, 10, 21)
    assert kinds()[-1] == "enrollment/place_reserved"
    assert Obligation.objects.get(kind="invoice", subject_id=str(place.pk)).met_at is None
    with pytest.raises(offer.OfferOver):
        offer.accept_offer(application_id=first.pk, actor=officer, now=ENDS)
    assert Place.objects.count() == 1


def test_a_second_after_the_end_it_is_over(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    first = waiting(edition)
    offer_seats(edition, officer)

    with pytest.raises(offer.OfferOver):
        offer.accept_offer(application_id=first.pk, actor=officer, now=ENDS + timedelta(seconds=1))


def test_no_gives_the_seat_to_the_next_at_once(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    first, second = waiting(edition), waiting(edition)
    offer_seats(edition, officer)

    offer.pass_offer(application_id=first.pk, actor=officer, now=MONDAY)

    assert (state_of(first), state_of(second)) == (ApplicationState.LAPSED, ApplicationState.OFFERED)
    assert seats(edition) == (0, 1)
    assert kinds()[-2:] == ["enrollment/offer_passed", "enrollment/seat_offered"]


def test_silence_lapses_and_the_worker_offers_to_the_next(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    first, second = waiting(edition), waiting(edition)
    offer_seats(edition, officer)
    assert offer.lapse_offers(now=ENDS) == 0

    later = ENDS + timedelta(minutes=1)
    assert (offer.offers_are_over(now=later), offer.lapse_offers(now=later), offer.lapse_offers(now=later)) == (
        True,
        1,
        0,
    )

    assert (state_of(first), state_of(second)) == (ApplicationState.LAPSED, ApplicationState.OFFERED)
    assert "enrollment/offer_lapsed" in kinds()


def test_whoever_withdraws_sets_the_held_seat_free_for_the_next(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    first, second = waiting(edition), waiting(edition)
    offer_seats(edition, officer)
    first.refresh_from_db()

    apply.withdraw(application=first, reason="", actor=officer, now=MONDAY)

    assert (state_of(first), state_of(second)) == (ApplicationState.WITHDRAWN, ApplicationState.OFFERED)
    assert seats(edition) == (0, 1)


def test_an_offer_may_stand_longer_with_a_reason(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    first = waiting(edition)
    offer_seats(edition, officer)
    more = {"application_id": first.pk, "actor": officer, "now": MONDAY}

    for until, reason, code in (
        (date(2024, 10, 21), "holiday", "not_later"),
        (date(2024, 10, 25), " ", "reason_missing"),
    ):
        with pytest.raises(offer.OfferOver) as refused:
            offer.extend_offer(until=until, reason=reason, **more)
        assert refused.value.ruling.reasons == (code,)
    offer.extend_offer(until=date(2024, 10, 25), reason="holiday", **more)

    assert offer.lapse_offers(now=ENDS + timedelta(days=1)) == 0
    assert Obligation.objects.get(kind="offer", dropped_at=None).due_at.date() == date(2024, 10, 25)


def test_nothing_is_offered_once_the_course_has_begun(officer: Actor) -> None:
    edition = make_edition(capacity=1)
    waiting(edition)

    assert offer_seats(edition, officer, datetime(2024, 11, 18, 8, 0, tzinfo=UTC)) == 0


@pytest.mark.parametrize(("automatic", "offers"), [(True, 1), (False, 0)])
def test_a_cancelled_place_is_offered_where_the_edition_wants_it(officer: Actor, automatic: bool, offers: int) -> None:
    edition = make_edition(capacity=1)
    if automatic:
        newest = EditionRevision.objects.get(edition=edition)
        content = bytes(newest.content).replace(b"[waiting_list]\n", b"[waiting_list]\nautomatic = true\n")
        EditionRevision.objects.create(edition=edition, content=content, sha256="x", loaded_at=MONDAY)
    place, _ = billed_place(edition)
    waiting(edition)

    notice = hear(place, facts_of(place), at=IN_TIME)
    cancel.accept_notice(notice_id=notice.pk, actor=officer, now=IN_TIME)

    assert kinds().count("enrollment/seat_offered") == offers
    assert seats(edition) == (0, offers)
    assert Invoice.objects.filter(corrects=None).count() == 1


def test_without_anybody_waiting_nothing_is_held(officer: Actor) -> None:
    edition = make_edition(capacity=2)
    ensure_seat_counter(edition)

    assert (offer_seats(edition, officer), seats(edition)) == (0, (0, 0))
