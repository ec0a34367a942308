"""A colleague takes a place over: seat, price, money and deadline go along."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import make_officer, make_person
from tests.factories.admissions import make_application
from tests.factories.money import billed_place, charge_of, reserve, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME, LAST_SECOND
from tests.journey.test_shares import FIVE_HUNDRED
from tests.worlds import world

from chancery.domain.billing.models import Invoice, Refund
from chancery.domain.enrollment.models import Place, PlaceCharge, SeatCounter, Substitution
from chancery.domain.enrollment.queries import list_share_wishes
from chancery.domain.enrollment.states import NoticeGround, PlaceState, SubstitutionState
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.queries import earliest_due
from chancery.foundation.obligations.services import open_obligation
from chancery.journey import cancel, settle, shares, substitute
from chancery.journey.correspond import dialogue_of

pytestmark = pytest.mark.django_db
AYA = substitute.Colleague(name="Aya Embrun", latin_name="", post="Adviser")


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.ADMISSIONS).pk)


@world
def place() -> Place:
    return billed_place(make_edition())[0]


def named(place: Place, email: str = "aya@accra.example") -> Substitution:
    assert place.person.user_id is not None
    return substitute.name_substitute(
        place_id=place.pk, email=email, name="Aya E.", actor=user_actor(place.person.user_id), now=IN_TIME
    )


def confirmed(place: Place) -> Substitution:
    wish = named(place)
    return substitute.confirm_substitution(
        substitution_id=wish.pk, colleague=AYA, actor=user_actor(make_person().user_id or 0), now=IN_TIME
    )


def handed_over(place: Place, officer: Actor) -> Place:
    return substitute.hand_over(substitution_id=confirmed(place).pk, actor=officer, now=IN_TIME)


def pay(place: Place, folder: Path, officer: Actor) -> Invoice:
    charge = charge_of(place)
    assert charge is not None
    assert charge.invoice_line is not None
    invoice = charge.invoice_line.invoice
    entry = transfer(invoice.total_minor, invoice.creditor_reference, value_date=date(2024, 10, 12))
    settle.import_statement(statement_file(folder, entry), actor=officer, now=IN_TIME)
    return invoice


def kinds_to(address: str) -> list[str]:
    return list(OutgoingMail.objects.filter(content__to=address).order_by("id").values_list("kind", flat=True))


def test_the_colleague_learns_no_address_of_the_participants_dialogue(place: Place) -> None:
    named(place)

    asked = OutgoingMail.objects.get(kind="enrollment/substitute_asked")
    assert asked.thread not in {None, dialogue_of(place.application)}


def test_the_colleague_has_the_place_with_its_seat_price_and_deadline(place: Place, officer: Actor) -> None:
    taken = SeatCounter.objects.get(edition=place.edition).taken
    line = PlaceCharge.objects.get(place=place, current=True).invoice_line

    successor = handed_over(place, officer)

    place.refresh_from_db()
    charge = charge_of(successor)
    assert charge is not None
    assert (place.state, successor.state) == (PlaceState.SUBSTITUTED, PlaceState.RESERVED)
    assert (charge_of(place), charge.invoice_line) == (None, line)
    assert successor.refundable_until == place.refundable_until
    assert successor.application.terms == place.application.terms
    assert successor.application.authority == place.application.authority
    assert (successor.person.name, successor.person.email) == ("Aya Embrun", "aya@accra.example")
    assert SeatCounter.objects.get(edition=place.edition).taken == taken
    assert kinds_to("aya@accra.example") == ["enrollment/substitute_asked", "enrollment/place_reserved"]
    assert kinds_to(place.person.email)[-1] == "enrollment/place_taken_over"
    assert AuditEvent.objects.filter(name=Event.PLACE_SUBSTITUTED).count() == 1


def test_a_guaranteed_place_is_handed_over_guaranteed(place: Place, tmp_path: Path, officer: Actor) -> None:
    pay(place, tmp_path, officer)

    successor = handed_over(place, officer)

    successor.refresh_from_db()
    assert successor.state == PlaceState.GUARANTEED
    assert kinds_to("aya@accra.example")[-1] == "enrollment/place_guaranteed"


def test_money_that_comes_later_guarantees_the_colleague(place: Place, tmp_path: Path, officer: Actor) -> None:
    successor = handed_over(place, officer)

    pay(successor, tmp_path, officer)

    successor.refresh_from_db()
    place.refresh_from_db()
    assert (successor.state, place.state) == (PlaceState.GUARANTEED, PlaceState.SUBSTITUTED)


def test_the_colleague_leaves_with_the_money_that_was_paid(place: Place, tmp_path: Path, officer: Actor) -> None:
    invoice = pay(place, tmp_path, officer)
    successor = handed_over(place, officer)

    left = cancel.leave_by_right(
        place_id=successor.pk, ground=NoticeGround.ORGANISER, note="x", actor=officer, now=IN_TIME
    )

    assert left.refund_minor == invoice.total_minor
    assert Refund.objects.count() == 1
    with pytest.raises(cancel.PlaceMoveNotAllowed):
        cancel.leave_by_right(place_id=place.pk, ground=NoticeGround.ORGANISER, note="x", actor=officer, now=IN_TIME)


def test_the_promise_about_lost_money_goes_along_with_its_day(place: Place, officer: Actor) -> None:
    kind = ObligationKind.PAYMENT_LOST
    open_obligation(kind, subject=place, due_at=LAST_SECOND, basis="promise B2", now=IN_TIME)

    successor = handed_over(place, officer)

    assert (earliest_due(place, [kind]), earliest_due(successor, [kind])) == (None, LAST_SECOND)


def test_who_is_to_share_the_fee_and_what_is_promised_about_it_go_along(place: Place, officer: Actor) -> None:
    shares.ask_to_share(application_id=place.application_id, second=FIVE_HUNDRED, actor=officer, now=IN_TIME)

    successor = handed_over(place, officer)

    assert [each.application_id for each in list_share_wishes(place.edition)] == [successor.application_id]
    assert earliest_due(place, [ObligationKind.INVOICE]) is None
    assert earliest_due(successor, [ObligationKind.INVOICE]) is not None


def test_handed_over_twice_it_is_the_same_place(place: Place, officer: Actor) -> None:
    wish = confirmed(place)

    first, second = (substitute.hand_over(substitution_id=wish.pk, actor=officer, now=IN_TIME) for _ in range(2))

    assert first == second
    assert Place.objects.count() == 2


def test_named_and_confirmed_twice_the_first_stays(place: Place) -> None:
    first, second = named(place), named(place, "other@accra.example")
    yes = confirmed(place)

    assert first == second == yes
    assert kinds_to("other@accra.example") == []


def test_without_the_colleagues_yes_nothing_is_handed_over(place: Place, officer: Actor) -> None:
    wish = named(place)

    with pytest.raises(substitute.SubstitutionMoveNotAllowed):
        substitute.hand_over(substitution_id=wish.pk, actor=officer, now=IN_TIME)

    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED


@pytest.mark.parametrize(
    ("act", "state"),
    [("refuse", SubstitutionState.REFUSED), ("no", SubstitutionState.DECLINED), ("back", SubstitutionState.TAKEN_BACK)],
)
def test_a_wish_that_ends_leaves_the_place_as_it_is(place: Place, officer: Actor, act: str, state: str) -> None:
    wish = confirmed(place)

    if act == "refuse":
        substitute.refuse_substitution(substitution_id=wish.pk, because="Works elsewhere.", actor=officer, now=IN_TIME)
    else:
        substitute.drop_substitution(substitution_id=wish.pk, by_colleague=act == "no", actor=officer, now=IN_TIME)

    wish.refresh_from_db()
    place.refresh_from_db()
    told = kinds_to(place.person.email)[-1] == "enrollment/substitute_refused"
    assert (wish.state, place.state, told) == (state, PlaceState.RESERVED, act != "back")
    with pytest.raises(substitute.SubstitutionMoveNotAllowed):
        substitute.hand_over(substitution_id=wish.pk, actor=officer, now=IN_TIME)


def test_a_place_that_was_left_meanwhile_is_not_handed_over(place: Place, officer: Actor) -> None:
    wish = confirmed(place)
    cancel.leave_by_right(place_id=place.pk, ground=NoticeGround.ORGANISER, note="x", actor=officer, now=IN_TIME)

    with pytest.raises(substitute.SubstitutionNotAllowed) as refused:
        substitute.hand_over(substitution_id=wish.pk, actor=officer, now=IN_TIME)

    assert refused.value.ruling.reasons == ("place_ended",)
    assert not User.objects.filter(email="aya@accra.example").exists()


def test_a_waiting_notice_and_an_open_fee_stand_in_the_way(place: Place) -> None:
    hear(place, facts_of(place), at=LAST_SECOND)
    unbilled = reserve(make_edition(), payer=False)

    assert substitute.substitution_ruling(place, now=IN_TIME).reasons == ("notice_waits",)
    assert substitute.substitution_ruling(unbilled, now=IN_TIME).reasons == ("fee_open",)


def test_somebody_with_an_application_of_their_own_takes_no_place_over(place: Place, officer: Actor) -> None:
    wish = confirmed(place)
    late = make_application(edition=place.edition)
    User.objects.filter(pk=late.person.user_id).update(email="aya@accra.example")

    with pytest.raises(substitute.HasAFile):
        substitute.hand_over(substitution_id=wish.pk, actor=officer, now=IN_TIME)
    wish.refresh_from_db()
    assert wish.state == SubstitutionState.CONFIRMED


@pytest.mark.parametrize("own", [True, False], ids=["their own address", "a colleague who applied"])
def test_who_cannot_be_named(place: Place, own: bool) -> None:
    email = place.person.email if own else make_application(edition=place.edition).person.email

    with pytest.raises((substitute.SubstitutionNotAllowed, substitute.HasAFile)):
        named(place, email)

    assert not Substitution.objects.exists()


def test_nobody_is_sent_mails_without_end(place: Place) -> None:
    for number in range(5):
        wish = named(place, f"c{number}@accra.example")
        substitute.drop_substitution(substitution_id=wish.pk, by_colleague=True, actor=SYSTEM, now=IN_TIME)

    with pytest.raises(substitute.SubstitutionNotAllowed) as refused:
        named(place, "c6@accra.example")

    assert refused.value.ruling.reasons == ("named_often",)
    assert kinds_to("c6@accra.example") == []


def test_the_database_keeps_one_open_wish_a_place_and_a_successor_only_where_it_is_done(place: Place) -> None:
    named(place)

    with pytest.raises(IntegrityError, match=r"substitution_open_once|place_id"), transaction.atomic():
        Substitution.objects.create(place=place, proposed_at=IN_TIME)
    with pytest.raises(IntegrityError, match="substitution_done_has_its_place"), transaction.atomic():
        Substitution.objects.update(state="done")


def test_the_database_lets_a_line_price_one_place_only(place: Place) -> None:
    other, _ = billed_place(place.edition)
    charge = PlaceCharge.objects.get(place=place, current=True)

    with pytest.raises(IntegrityError, match=r"line_prices_one_place|invoice_line_id"), transaction.atomic():
        PlaceCharge.objects.filter(place=other, current=True).update(invoice_line=charge.invoice_line)
