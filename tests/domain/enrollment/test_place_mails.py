"""The mails about a place (promises B1, B2, B3, C1, C2, C3)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.factories.admissions import make_application
from tests.factories.programme import make_date_change, make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.mails import (
    dates_settled_mail,
    nothing_to_pay_mail,
    place_guaranteed_mail,
    place_released_mail,
    place_reserved_mail,
)
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.services.places import guarantee_place, reserve_place
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.services import open_thread

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"
IN_TIME = datetime(2024, 10, 11, 8, 0, tzinfo=UTC)
TOO_LATE = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)


def make_reserved() -> Place:
    application = make_application(edition=make_edition(), state=ApplicationState.ADMITTED)
    place = reserve_place(application=application, now=IN_TIME, actor=SYSTEM)
    place.application.reference = "M2-0019"
    place.person.name, place.person.email = "Han Hanui", "han@seoul.example"
    place.edition.number = 2
    place.thread = MailThread(token="a2b3c4d5e6f7g2h3j4k5", purpose="reservation")
    return place


def dialogue(place: Place) -> MailThread:
    return open_thread(about=ref(place.application), purpose="dialogue")


@pytest.mark.parametrize(("name", "now"), [("place_reserved", IN_TIME), ("place_reserved_late", TOO_LATE)])
def test_the_reservation_prints_the_four_lines_and_the_last_refundable_instant(name: str, now: datetime) -> None:
    mail = place_reserved_mail(make_reserved(), now=now)

    assert_looks_like(mail, COPIES / f"{name}.en.txt")


def test_the_reservation_mail_is_the_one_that_opens_the_reservation_thread() -> None:
    place = make_reserved()

    assert place_reserved_mail(place, now=IN_TIME).thread == place.thread


def test_a_waived_place_hears_that_no_invoice_will_come() -> None:
    place = make_reserved()

    mail = nothing_to_pay_mail(place, fiscal_year="FY23", document_id=7, thread=dialogue(place))

    assert_looks_like(mail, COPIES / "nothing_to_pay.en.txt")
    assert mail.document_ids == (7,)


@pytest.mark.parametrize(("name", "now"), [("place_guaranteed", IN_TIME), ("place_guaranteed_late", TOO_LATE)])
def test_a_guaranteed_place_hears_the_value_date_and_the_refund_instant(name: str, now: datetime) -> None:
    place = make_reserved()
    place.guaranteed_at = guarantee_place(place_id=place.pk, open_minor=0, actor=SYSTEM, now=IN_TIME).guaranteed_at

    mail = place_guaranteed_mail(place, received_on=date(2024, 10, 17), thread=dialogue(place), now=now)

    assert_looks_like(mail, COPIES / f"{name}.en.txt")


def test_a_place_that_was_not_paid_hears_why_it_was_released() -> None:
    place = make_reserved()

    mail = place_released_mail(place, due_on=date(2024, 11, 4), thread=dialogue(place))

    assert_looks_like(mail, COPIES / "place_released.en.txt")


@pytest.mark.parametrize(
    ("after", "same_as"),
    [
        pytest.param(timedelta(milliseconds=500), IN_TIME, id="the last second is in time to its end"),
        pytest.param(timedelta(seconds=1), TOO_LATE, id="at midnight it is over"),
    ],
)
def test_the_mails_say_that_money_comes_back_until_midnight(after: timedelta, same_as: datetime) -> None:
    place = make_reserved()
    place.guaranteed_at, thread = IN_TIME, dialogue(place)

    def texts(now: datetime) -> list[str]:
        sure = place_guaranteed_mail(place, received_on=None, thread=thread, now=now)
        return [place_reserved_mail(place, now=now).text, sure.text]

    assert texts(place.refundable_until + after) == texts(same_as)
    assert texts(IN_TIME) != texts(TOO_LATE)


@pytest.mark.parametrize(
    ("name", "starts_on", "ends_on", "free_exit_until"),
    [
        ("dates_confirmed", date(2024, 11, 18), date(2024, 11, 22), None),
        ("dates_moved", date(2024, 12, 2), date(2024, 12, 6), datetime(2024, 11, 4, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_settled_dates_are_told_with_what_moves(
    name: str, starts_on: date, ends_on: date, free_exit_until: datetime | None
) -> None:
    place = make_reserved()
    change = make_date_change(place.edition, starts_on=starts_on, ends_on=ends_on, changed_at=TOO_LATE)

    mail = dates_settled_mail(place, change, free_exit_until=free_exit_until, thread=dialogue(place))

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
