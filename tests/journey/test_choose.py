"""An edition is not held: each person takes a place in the next one, or everything back (C5)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import make_officer
from tests.factories.money import billed_group, billed_place, member_council, pay_bill, reserve
from tests.factories.network import classify, make_city_council, make_country
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_shares import FIVE_HUNDRED

from chancery.domain.billing.models import Invoice, InvoiceBalance, Refund
from chancery.domain.billing.services.following import CreditNotPossible
from chancery.domain.enrollment.models import CancellationNotice, EditionChoice, Place, SeatCounter
from chancery.domain.enrollment.queries import billed_lines, list_share_wishes
from chancery.domain.enrollment.states import ChoiceState, PlaceState
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.queries import earliest_due
from chancery.foundation.ruling import refusal
from chancery.journey import cancel, choose, shares
from chancery.journey.bill import bill_places
from chancery.journey.substitute import (
    Colleague,
    SubstitutionNotAllowed,
    confirm_substitution,
    hand_over,
    name_substitute,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)
BY = date(2024, 11, 4)
LAST_SECOND = datetime(2024, 11, 4, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Barcelona


@pytest.fixture
def lead() -> Actor:
    return user_actor(make_officer(Role.EDITION_LEAD).pk)


@pytest.fixture
def edition() -> Edition:
    return make_edition()


@pytest.fixture
def target(edition: Edition) -> Edition:
    """Return the edition of the next spring, of the same programme."""
    return next_of(edition)


def next_of(edition: Edition, *, capacity: int = 24) -> Edition:
    later = make_edition(capacity=capacity)
    later.programme, later.starts_on, later.ends_on = edition.programme, date(2025, 5, 12), date(2025, 5, 16)
    later.save()
    return later


def ask(edition: Edition, target: Edition, lead: Actor, *, at: datetime = NOW) -> int:
    return choose.ask_everybody(
        edition_id=edition.pk, target_id=target.pk, answer_by=BY, note="The hall has burnt down.", actor=lead, now=at
    )


def take_next(place: Place, *, at: datetime = NOW) -> Place:
    return choose.take_next_edition(place_id=place.pk, actor=holder_of(place), now=at)


def holder_of(place: Place) -> Actor:
    assert place.person.user_id is not None
    return user_actor(place.person.user_id)


def state_of(place: Place) -> str:
    return Place.objects.values_list("state", flat=True).get(pk=place.pk)


def seats(edition: Edition) -> int:
    return SeatCounter.objects.get(edition=edition).taken


def kinds_to(place: Place) -> list[str]:
    return list(
        OutgoingMail.objects.filter(content__to=place.person.email).order_by("id").values_list("kind", flat=True)
    )


def test_everybody_is_asked_once(edition: Edition, target: Edition, lead: Actor) -> None:
    place, _ = billed_place(edition)
    billed_place(edition)

    assert (ask(edition, target, lead), ask(edition, target, lead)) == (2, 0)

    choice = EditionChoice.objects.get(place=place)
    assert (choice.state, choice.answer_by, choice.target) == (ChoiceState.ASKED, LAST_SECOND, target)
    assert kinds_to(place).count("enrollment/edition_choice") == 1
    assert AuditEvent.objects.filter(name="enrollment.choice.asked").count() == 2


@pytest.mark.parametrize(
    ("days", "reason"), [(-600, "no_later_edition"), (0, "no_later_edition")], ids=["earlier", "itself"]
)
def test_only_a_later_edition_of_the_course_is_offered(edition: Edition, lead: Actor, days: int, reason: str) -> None:
    other = edition if not days else next_of(edition)
    Edition.objects.filter(pk=other.pk).update(starts_on=edition.starts_on + timedelta(days=days))
    with pytest.raises(choose.NotToBeAsked) as no:
        ask(edition, other, lead)
    assert no.value.ruling.reasons == (reason,)


@pytest.mark.parametrize("day", [date(2024, 10, 20), date(2025, 5, 12)])
def test_the_day_to_answer_by_is_not_over_and_before_the_next_edition(
    edition: Edition, target: Edition, lead: Actor, day: date
) -> None:
    with pytest.raises(choose.NotToBeAsked) as no:
        choose.ask_everybody(edition_id=edition.pk, target_id=target.pk, answer_by=day, note="x", actor=lead, now=NOW)
    assert no.value.ruling.reasons == ("answer_day_wrong",)


def test_a_paid_place_is_as_sure_in_the_next_edition(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)

    successor = take_next(place)

    assert (state_of(place), state_of(successor)) == (PlaceState.MOVED, PlaceState.GUARANTEED)
    assert (successor.edition, successor.person) == (target, place.person)
    assert successor.refundable_until.date() == date(2025, 4, 11)
    assert [line.invoice for line in billed_lines(successor)] == [invoice]
    assert billed_lines(place) == []
    assert (seats(edition), seats(target)) == (0, 1)
    assert not Refund.objects.exists()
    assert kinds_to(place)[-3:] == [
        "enrollment/place_moved",
        "enrollment/place_reserved",
        "enrollment/place_guaranteed",
    ]


def test_chosen_twice_it_is_one_place(edition: Edition, target: Edition, lead: Actor) -> None:
    place, _ = billed_place(edition)
    ask(edition, target, lead)
    assert take_next(place) == take_next(place)
    assert seats(target) == 1
    with pytest.raises(choose.ChoiceOver):
        choose.take_money_back(place_id=place.pk, actor=holder_of(place), now=NOW)


def test_a_part_paid_place_moves_with_its_bill_and_is_sure_once_that_is_paid(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, 40_000)
    ask(edition, target, lead)
    successor = take_next(place)
    assert state_of(successor) == PlaceState.RESERVED
    pay_bill(tmp_path, lead, NOW, invoice, 60_000, number=2)
    assert state_of(successor) == PlaceState.GUARANTEED


def test_a_place_without_a_fee_stays_sure(edition: Edition, target: Edition, lead: Actor) -> None:
    guinea = make_country("GIN", "Guinea")
    classify(guinea, "L")
    place = reserve(edition, authority=member_council("Conakry", "GIN", "Guinea", "L"))
    bill_places(places=[place], actor=SYSTEM, now=NOW)
    assert state_of(place) == PlaceState.GUARANTEED
    ask(edition, target, lead)
    assert state_of(take_next(place)) == PlaceState.GUARANTEED


def test_the_money_goes_back_in_full_where_it_is_wanted(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)

    for _ in range(2):
        choose.take_money_back(place_id=place.pk, actor=holder_of(place), now=NOW)

    assert state_of(place) == PlaceState.ORGANISER_CANCELLED
    assert Refund.objects.get().amount_minor == invoice.total_minor
    with pytest.raises(choose.CannotTakeNextEdition):
        take_next(place)


def test_silence_brings_the_money_back_after_the_last_second(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)

    assert not choose.choices_are_over(now=LAST_SECOND)
    after = LAST_SECOND + timedelta(seconds=1)
    assert choose.choices_are_over(now=after)
    assert (choose.close_choices(now=after), choose.close_choices(now=after)) == (1, 0)

    assert {event.actor for event in AuditEvent.objects.filter(at=after)} == {f"system:{lead.user_id}"}
    assert CancellationNotice.objects.get().decided_by_id == lead.user_id
    assert state_of(place) == PlaceState.ORGANISER_CANCELLED
    assert EditionChoice.objects.get().state == ChoiceState.MONEY_BACK
    assert Refund.objects.get().amount_minor == invoice.total_minor


def test_whoever_has_not_chosen_is_reminded_once_three_days_before(
    edition: Edition, target: Edition, lead: Actor
) -> None:
    silent, _ = billed_place(edition)
    chosen, _ = billed_place(edition)
    ask(edition, target, lead)
    take_next(chosen)
    three_days = LAST_SECOND - timedelta(days=3)

    times = [three_days - timedelta(seconds=1), three_days, three_days + timedelta(days=1), LAST_SECOND]
    assert [choose.remind_to_choose(now=at) for at in times] == [0, 1, 0, 0]
    assert kinds_to(silent).count("enrollment/choice_due") == 1


def test_whoever_was_asked_just_now_is_not_reminded(edition: Edition, target: Edition, lead: Actor) -> None:
    billed_place(edition)
    ask(edition, target, lead, at=LAST_SECOND - timedelta(days=2))

    assert choose.remind_to_choose(now=LAST_SECOND - timedelta(hours=1)) == 0


def test_a_choice_is_not_closed_within_its_last_second(edition: Edition, target: Edition, lead: Actor) -> None:
    billed_place(edition)
    ask(edition, target, lead)

    assert choose.close_choices(now=LAST_SECOND + timedelta(milliseconds=500)) == 0
    assert choose.close_choices(now=LAST_SECOND + timedelta(seconds=1)) == 1


def test_the_last_second_is_in_time_and_the_next_is_not(edition: Edition, target: Edition, lead: Actor) -> None:
    place, _ = billed_place(edition)
    other, _ = billed_place(edition)
    ask(edition, target, lead)
    assert take_next(place, at=LAST_SECOND).edition == target
    with pytest.raises(choose.CannotTakeNextEdition) as no:
        take_next(other, at=LAST_SECOND + timedelta(seconds=1))
    assert no.value.ruling.reasons == ("choice_over",)


def test_a_full_next_edition_refuses_and_the_choice_stays(edition: Edition, lead: Actor) -> None:
    small = next_of(edition, capacity=1)
    first, _ = billed_place(edition)
    second, _ = billed_place(edition)
    ask(edition, small, lead)
    take_next(first)
    with pytest.raises(choose.NoSeatLeft):
        take_next(second)
    assert (state_of(second), EditionChoice.objects.get(place=second).state) == ("reserved", ChoiceState.ASKED)
    assert seats(small) == 1


def test_on_a_bill_for_two_each_chooses_for_themselves(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    places, invoice = billed_group(edition, make_city_council("Medellín"))
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)

    successor = take_next(places[0])
    choose.take_money_back(place_id=places[1].pk, actor=holder_of(places[1]), now=NOW)

    half = invoice.total_minor // 2
    balance = InvoiceBalance.objects.get(invoice=invoice)
    assert (balance.allocated_minor, balance.credited_minor, balance.open_minor) == (half, half, 0)
    assert Refund.objects.get().amount_minor == half
    assert state_of(successor) == PlaceState.GUARANTEED


def test_a_reply_before_the_answer_still_brings_everything_back(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)

    heard = hear(place, facts_of(place), at=NOW)
    assert heard.refund_minor == invoice.total_minor
    with pytest.raises(choose.CannotTakeNextEdition) as no:
        take_next(place)
    assert no.value.ruling.reasons == ("notice_waits",)

    cancel.accept_notice(notice_id=heard.pk, actor=lead, now=NOW)
    choose.close_choices(now=LAST_SECOND + timedelta(seconds=1))
    assert EditionChoice.objects.get().state == ChoiceState.LEFT


def test_a_cancellation_in_the_next_edition_follows_its_own_start(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)
    successor = take_next(place)

    heard = hear(successor, facts_of(successor), at=datetime(2025, 4, 11, 21, 59, 59, tzinfo=UTC))
    cancel.accept_notice(notice_id=heard.pk, actor=lead, now=datetime(2025, 4, 12, 9, 0, tzinfo=UTC))

    assert Refund.objects.get().amount_minor == invoice.total_minor * 3 // 4
    assert Invoice.objects.filter(corrects=invoice).count() == 1


def test_an_answer_to_the_mail_of_the_first_place_is_one_about_the_place_it_became(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)
    successor = take_next(place, at=NOW + timedelta(days=2))

    heard = hear(place, facts_of(place), at=NOW + timedelta(days=3))

    assert (heard.place_id, heard.state, heard.refund_minor) == (successor.pk, "valid", invoice.total_minor * 3 // 4)
    assert OutgoingMail.objects.filter(kind="enrollment/notice_valid", thread=successor.thread).count() == 1


def test_an_answer_follows_a_place_that_moved_twice(
    edition: Edition, target: Edition, lead: Actor, tmp_path: Path
) -> None:
    last = next_of(edition)
    place, invoice = billed_place(edition)
    pay_bill(tmp_path, lead, NOW, invoice, invoice.total_minor)
    ask(edition, target, lead)
    second = take_next(place)
    Edition.objects.filter(pk=last.pk).update(starts_on=date(2025, 10, 6), ends_on=date(2025, 10, 10))
    ask(target, last, lead)
    third = take_next(second)

    assert hear(place, facts_of(place), at=NOW + timedelta(days=1)).place_id == third.pk


def test_nobody_takes_a_place_over_whose_holder_has_not_chosen(edition: Edition, target: Edition, lead: Actor) -> None:
    place, _ = billed_place(edition)
    named = name_substitute(place_id=place.pk, email="aya@accra.example", name="Aya", actor=holder_of(place), now=NOW)
    colleague = Colleague(name="Aya Embrun", latin_name="", post="Adviser")
    confirm_substitution(substitution_id=named.pk, colleague=colleague, actor=lead, now=NOW)
    ask(edition, target, lead)

    with pytest.raises(SubstitutionNotAllowed) as no:
        hand_over(substitution_id=named.pk, actor=lead, now=NOW)

    assert no.value.ruling.reasons == ("choice_open",)


def test_who_is_to_share_the_fee_and_what_is_promised_about_it_move_along(
    edition: Edition, target: Edition, lead: Actor
) -> None:
    place, bill = billed_place(edition)
    shares.ask_to_share(application_id=place.application_id, second=FIVE_HUNDRED, actor=lead, now=NOW)
    ask(edition, target, lead)

    successor = take_next(place)

    assert [each.application_id for each in list_share_wishes(target)] == [successor.application_id]
    assert (earliest_due(place, [ObligationKind.INVOICE]), list_share_wishes(edition)) == (None, [])
    assert earliest_due(successor, [ObligationKind.INVOICE]) is not None
    shares.split_bill(invoice_id=bill.pk, second=FIVE_HUNDRED, actor=lead, now=NOW)
    assert earliest_due(successor, [ObligationKind.INVOICE]) is None


def test_one_that_cannot_be_closed_holds_nobody_up(
    edition: Edition, target: Edition, lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, _ = billed_place(edition)
    other, _ = billed_place(edition)
    ask(edition, target, lead)
    leave = choose.leave_by_right

    def refuses_one(*, place_id: int, **more: object) -> object:
        if place_id == stuck.pk:
            raise CreditNotPossible(refusal("issuer.country"))
        return leave(place_id=place_id, **more)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(choose, "leave_by_right", refuses_one)
    assert choose.close_choices(now=LAST_SECOND + timedelta(seconds=1)) == 1
    assert (state_of(stuck), state_of(other)) == (PlaceState.RESERVED, PlaceState.ORGANISER_CANCELLED)
    assert EditionChoice.objects.get(place=stuck).state == ChoiceState.ASKED


def test_the_database_keeps_a_choice_whole(edition: Edition, target: Edition, lead: Actor) -> None:
    place, _ = billed_place(edition)
    ask(edition, target, lead)
    rows = EditionChoice.objects.filter(place=place)
    with pytest.raises(IntegrityError, match="edition_choice_of_the_next_has_its_place"), transaction.atomic():
        rows.update(state=ChoiceState.NEXT_EDITION, answered_at=NOW)
    with pytest.raises(IntegrityError, match="edition_choice_answered_once"), transaction.atomic():
        rows.update(state=ChoiceState.MONEY_BACK)
