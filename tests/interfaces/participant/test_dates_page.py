"""What a participant reads after the days of the course have moved: come, or everything back (promise C5)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.admissions import make_person
from tests.factories.money import billed_place
from tests.factories.programme import make_edition

from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.policies.settling import Dates
from chancery.foundation import clock
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.models import MailContent
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ui.wording import days_text
from chancery.journey.reschedule import settle_dates

pytestmark = pytest.mark.django_db
MOVED_AT = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)  # after the last instant for a refund under the terms
FREE_UNTIL = datetime(2024, 11, 4, 22, 59, 59, tzinfo=UTC)
EARLIER = Dates(date(2024, 11, 11), date(2024, 11, 15), provisional=False)
SAME = Dates(date(2024, 11, 18), date(2024, 11, 22), provisional=False)


@pytest.fixture
def place(settings) -> Place:
    settings.DEMO = True
    place = billed_place(make_edition())[0]
    queue_mail(place_reserved_mail(place, now=MOVED_AT), now=MOVED_AT)
    return place


def read(place: Place, name: str, at: datetime, *, status: int = 200) -> str:
    client = Client()
    client.force_login(place.person.user)
    with clock.travel(at):
        answer = client.get(reverse(name, args=[place.application.reference]))
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def move(place: Place, wanted: Dates = EARLIER) -> None:
    settle_dates(edition_id=place.edition_id, wanted=wanted, actor=SYSTEM, now=MOVED_AT)


def test_moved_days_ask_to_come_or_to_take_everything_back_until_the_last_second(place: Place) -> None:
    move(place)

    page = read(place, "see-dates", FREE_UNTIL)

    now, before = days_text(EARLIER.starts_on, EARLIER.ends_on), days_text(SAME.starts_on, SAME.ends_on)
    assert f"The week is now {now} instead of {before}." in page
    assert "You need not do anything" in page
    assert "Reply by Mon 4 Nov 2024, 23:59:59" in page
    assert "We have received nothing for this place yet" in page


def test_after_the_last_second_the_conditions_hold_again(place: Place) -> None:
    move(place)

    page = read(place, "see-dates", FREE_UNTIL + timedelta(seconds=1))

    assert "Everything went back until Mon 4 Nov 2024, 23:59:59" in page
    assert "Reply by" not in page


def test_the_place_and_the_page_on_leaving_say_so_although_the_refund_deadline_has_passed(place: Place) -> None:
    before = read(place, "see-cancelling", MOVED_AT)
    move(place)

    leaving = read(place, "see-cancelling", FREE_UNTIL)
    over = read(place, "see-cancelling", FREE_UNTIL + timedelta(seconds=1))

    address = reverse("see-dates", args=[place.application.reference])
    assert "After it nothing comes back." in before
    assert "everything that was paid goes back" in leaving
    assert "After it nothing comes back." not in leaving
    assert "After it nothing comes back." in over
    assert address in read(place, "see-place", FREE_UNTIL)
    assert address not in read(place, "see-place", FREE_UNTIL + timedelta(seconds=1))


def test_the_mail_about_moved_days_leads_to_that_page(place: Place) -> None:
    move(place)

    told = MailContent.objects.get(mail__kind="enrollment/dates_settled").text

    assert reverse("see-dates", args=[place.application.reference]) in told


def test_days_that_stay_the_same_ask_nothing(place: Place) -> None:
    move(place, SAME)

    read(place, "see-dates", MOVED_AT, status=302)
    assert reverse("see-dates", args=[place.application.reference]) not in read(place, "see-place", MOVED_AT)


def test_who_has_left_is_asked_nothing(place: Place) -> None:
    move(place)
    Place.objects.filter(pk=place.pk).update(state=PlaceState.CANCELLED)

    read(place, "see-dates", MOVED_AT, status=302)


def test_somebody_elses_choice_is_not_there(place: Place) -> None:
    move(place)
    stranger = Client()
    stranger.force_login(make_person("A Stranger").user)  # type: ignore[arg-type]  # has an account

    assert stranger.get(reverse("see-dates", args=[place.application.reference])).status_code == 404
