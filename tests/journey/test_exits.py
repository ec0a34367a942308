"""Leaving by another right than the reply of the terms: withdrawal, refused visa, moved dates, course not held."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.factories.money import billed_place, pay_bill, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME, LAST_SECOND
from tests.journey.test_shares import FIVE_HUNDRED
from tests.journey.test_substitute import handed_over
from tests.worlds import world

from chancery.domain.billing.models import BillingParty, Invoice, InvoiceBalance, Refund
from chancery.domain.billing.queries.payers import Payer
from chancery.domain.enrollment.models import Place, SeatCounter
from chancery.domain.enrollment.states import NoticeGround, NoticeState, PlaceState
from chancery.domain.programme.policies.settling import Dates
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.models import MailContent
from chancery.journey import cancel, settle
from chancery.journey.notice import free_exit_of
from chancery.journey.reissue import reissue_bill
from chancery.journey.reschedule import settle_dates
from chancery.journey.shares import split_bill

pytestmark = pytest.mark.django_db
PERSON = Payer(legal_name="Pia Privada", address="Street 1", country="GHA", email="pia@home.example", kind="person")
LATE = LAST_SECOND + timedelta(days=3)


@world
def place() -> Place:
    return billed_place(make_edition())[0]


def bill_of(place: Place) -> Invoice:
    return Invoice.objects.filter(lines__quote__application=place.application, corrects=None).latest("id")


def pay(place: Place, folder: Path, finance: Actor) -> Invoice:
    invoice = bill_of(place)
    entry = transfer(invoice.total_minor, invoice.creditor_reference, value_date=date(2024, 10, 12))
    settle.import_statement(statement_file(folder, entry), actor=finance, now=IN_TIME)
    return invoice


def leave(place: Place, ground: NoticeGround, actor: Actor, *, at: datetime = IN_TIME, note: str = "") -> int:
    return cancel.leave_by_right(place_id=place.pk, ground=ground, note=note, actor=actor, now=at).refund_minor


def state_of(place: Place) -> str:
    place.refresh_from_db()
    return place.state


def test_a_private_payer_withdraws_within_the_days_and_gets_everything(
    place: Place, tmp_path: Path, finance: Actor
) -> None:
    reissue_bill(invoice_id=bill_of(place).pk, payer=PERSON, actor=finance, now=IN_TIME)
    invoice = pay(place, tmp_path, finance)
    until = cancel.may_withdraw_until(place)
    assert until == datetime(2024, 10, 25, 21, 59, 59, tzinfo=UTC)  # reserved on 11 October, 14 days

    assert leave(place, NoticeGround.WITHDRAWAL, finance, at=until) == invoice.total_minor

    assert state_of(place) == PlaceState.CANCELLED
    assert Refund.objects.get().due_on == date(2024, 11, 8)
    assert SeatCounter.objects.get().taken == 0
    assert "right of withdrawal" in MailContent.objects.get(mail__kind="enrollment/place_ended").text


def test_a_second_later_the_right_is_over(place: Place, finance: Actor) -> None:
    reissue_bill(invoice_id=bill_of(place).pk, payer=PERSON, actor=finance, now=IN_TIME)
    until = cancel.may_withdraw_until(place)
    assert until is not None

    with pytest.raises(cancel.ExitNotAllowed) as refused:
        leave(place, NoticeGround.WITHDRAWAL, finance, at=until + timedelta(seconds=1))

    assert refused.value.ruling.reasons == ("withdrawal_over",)
    assert state_of(place) == PlaceState.RESERVED


def test_a_public_body_has_no_right_of_withdrawal(place: Place, finance: Actor) -> None:
    assert BillingParty.objects.get().kind == "public"
    with pytest.raises(cancel.ExitNotAllowed) as refused:
        leave(place, NoticeGround.WITHDRAWAL, finance)

    assert refused.value.ruling.reasons == ("no_private_payer",)


@pytest.mark.parametrize(("at", "of_the_city"), [(IN_TIME, 37_500), (LATE, 0)], ids=["in time", "late"])
def test_a_private_second_payer_withdraws_for_what_they_paid_alone(
    at: datetime, of_the_city: int, place: Place, tmp_path: Path, finance: Actor
) -> None:
    bills = split_bill(invoice_id=bill_of(place).pk, second=FIVE_HUNDRED, actor=finance, now=IN_TIME)
    for number, bill in enumerate(bills, start=1):
        pay_bill(tmp_path, finance, IN_TIME, bill, bill.total_minor, number=number)

    leave(place, NoticeGround.WITHDRAWAL, finance, at=at)

    back = {refund.credit_note.party.kind: refund.amount_minor for refund in Refund.objects.all() if refund.credit_note}
    assert back.get("person") == 50_000
    assert back.get("public", 0) == of_the_city
    told = MailContent.objects.get(mail__kind="enrollment/place_ended").text
    assert "paid by more than one payer" in told


def test_a_body_beside_who_withdraws_has_the_free_exit_of_moved_days(
    place: Place, tmp_path: Path, finance: Actor
) -> None:
    bills = split_bill(invoice_id=bill_of(place).pk, second=FIVE_HUNDRED, actor=finance, now=IN_TIME)
    for number, bill in enumerate(bills, start=1):
        pay_bill(tmp_path, finance, IN_TIME, bill, bill.total_minor, number=number)
    moved = Dates(date(2024, 12, 2), date(2024, 12, 6), provisional=False)
    settle_dates(edition_id=place.edition_id, wanted=moved, actor=finance, now=IN_TIME)

    leave(place, NoticeGround.WITHDRAWAL, finance, at=LATE)

    back = {refund.credit_note.party.kind: refund.amount_minor for refund in Refund.objects.all() if refund.credit_note}
    assert back == {"person": 50_000, "public": 50_000}


def test_a_colleague_who_comes_instead_has_the_rights_of_the_first_day(
    place: Place, tmp_path: Path, finance: Actor
) -> None:
    reissue_bill(invoice_id=bill_of(place).pk, payer=PERSON, actor=finance, now=IN_TIME)
    pay(place, tmp_path, finance)
    place.refresh_from_db()
    until = cancel.may_withdraw_until(place)

    successor = handed_over(place, finance)
    Place.objects.filter(pk=successor.pk).update(reserved_on=date(2024, 11, 17))
    successor.refresh_from_db()

    assert cancel.may_withdraw_until(successor) == until
    with pytest.raises(cancel.ExitNotAllowed):
        leave(successor, NoticeGround.WITHDRAWAL, finance, at=datetime(2024, 11, 23, 9, 0, tzinfo=UTC))


def test_a_colleague_who_comes_instead_may_leave_for_the_moved_days_as_was_promised(
    place: Place, tmp_path: Path, finance: Actor
) -> None:
    pay(place, tmp_path, finance)
    moved = Dates(date(2024, 12, 2), date(2024, 12, 6), provisional=False)
    settle_dates(edition_id=place.edition_id, wanted=moved, actor=finance, now=IN_TIME)
    promised = free_exit_of(Place.objects.get(pk=place.pk))

    successor = handed_over(place, finance)
    Place.objects.filter(pk=successor.pk).update(reserved_on=date(2024, 10, 16))

    assert promised is not None
    assert free_exit_of(Place.objects.get(pk=successor.pk)) == promised


def test_a_refused_visa_brings_the_share_of_the_terms_also_after_the_deadline(
    place: Place, tmp_path: Path, finance: Actor
) -> None:
    pay(place, tmp_path, finance)

    assert leave(place, NoticeGround.VISA_REFUSED, finance, at=LATE, note="letter of the consulate") == 75_000


@pytest.mark.parametrize(
    ("at", "note", "reason"),
    [(LATE, " ", "evidence_missing"), (datetime(2024, 11, 18, 8, tzinfo=UTC), "letter", "course_began")],
)
def test_a_refused_visa_needs_a_letter_before_the_course(
    place: Place, finance: Actor, at: datetime, note: str, reason: str
) -> None:
    with pytest.raises(cancel.ExitNotAllowed) as refused:
        leave(place, NoticeGround.VISA_REFUSED, finance, at=at, note=note)

    assert refused.value.ruling.reasons == (reason,)


def test_a_course_that_is_not_held_gives_everything_back_to_everybody(tmp_path: Path, finance: Actor) -> None:
    edition = make_edition()
    paid, unpaid = (billed_place(edition)[0] for _ in range(2))
    invoice = pay(paid, tmp_path, finance)
    waiting = hear(unpaid, facts_of(unpaid), at=IN_TIME)

    ended = cancel.call_edition_off(edition_id=edition.pk, note="The venue burnt down.", actor=finance, now=LATE)
    again = cancel.call_edition_off(edition_id=edition.pk, note="The venue burnt down.", actor=finance, now=LATE)

    waiting.refresh_from_db()
    assert (ended, again) == (2, 0)
    assert {state_of(each) for each in (paid, unpaid)} == {PlaceState.ORGANISER_CANCELLED}
    assert Refund.objects.get().amount_minor == invoice.total_minor
    assert [row.open_minor for row in InvoiceBalance.objects.all()] == [0, 0]
    assert waiting.state == NoticeState.FOLLOWS
    told = MailContent.objects.filter(mail__kind="enrollment/place_ended")
    assert all("The venue burnt down." in each.text for each in told)
    assert len(told) == 2


def test_who_cannot_come_on_moved_days_gets_everything_by_a_reply(place: Place, tmp_path: Path, finance: Actor) -> None:
    invoice = pay(place, tmp_path, finance)
    moved = Dates(date(2024, 11, 11), date(2024, 11, 15), provisional=False)
    settle_dates(edition_id=place.edition_id, wanted=moved, actor=finance, now=LATE)
    place = Place.objects.get(pk=place.pk)

    heard = hear(place, facts_of(place), at=LATE + timedelta(days=14))
    later = billed_place(place.edition)[0]
    too_late = hear(later, facts_of(later), at=LATE + timedelta(days=15))

    assert (heard.state, heard.ground, heard.refund_minor) == (
        NoticeState.VALID,
        NoticeGround.DATES_MOVED,
        invoice.total_minor,
    )
    assert too_late.state == NoticeState.LATE
    done = cancel.accept_notice(notice_id=heard.pk, actor=finance, now=LATE + timedelta(days=14))
    assert done.refund_minor == invoice.total_minor


@pytest.mark.parametrize("ground", [NoticeGround.VISA_REFUSED, NoticeGround.ORGANISER])
def test_a_place_that_has_ended_is_refused_and_nothing_more_goes_back(
    place: Place, tmp_path: Path, finance: Actor, ground: NoticeGround
) -> None:
    pay(place, tmp_path, finance)
    leave(place, ground, finance, note="letter")
    refunds = list(Refund.objects.values_list("pk", "amount_minor"))

    with pytest.raises(cancel.PlaceMoveNotAllowed):
        leave(place, ground, finance, note="letter")

    assert list(Refund.objects.values_list("pk", "amount_minor")) == refunds
