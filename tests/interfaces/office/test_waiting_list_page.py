"""The waiting list at the desk: who waits, what is offered until when, more days with a reason."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.admissions import make_application
from tests.factories.entering import enter
from tests.factories.programme import make_edition

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.models import WaitingEntry
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 10, 14, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_the_story(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    settings.DEMO = True
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def edition() -> Edition:
    edition = make_edition(capacity=1)
    application = make_application(edition=edition, state=ApplicationState.WAITING)
    join_waiting_list(application=application, actor=SYSTEM, now=MONDAY)
    return edition


def page(client: Client, edition: Edition) -> str:
    return client.get(reverse("list-waiting", args=[edition.slug])).content.decode()


def test_a_free_seat_is_offered_and_shown_with_its_end(edition: Edition) -> None:
    desk = enter(Role.ADMISSIONS)
    assert "Offer 1 free seat down the list" in page(desk, edition)

    assert desk.post(reverse("offer-seats", args=[edition.slug])).status_code == 302

    shown = page(desk, edition)
    assert "Mon 21 Oct 2024, 18:00" in shown
    assert "1 is held for an offer." in shown
    assert "Offer 1 free seat" not in shown


def test_more_days_need_a_later_day_and_a_reason(edition: Edition) -> None:
    desk, entry = enter(Role.ADMISSIONS), WaitingEntry.objects.get()
    desk.post(reverse("offer-seats", args=[edition.slug]))
    path = reverse("extend-offer", args=[edition.slug, entry.application_id])

    assert desk.post(path, {"until": "2024-10-25"}).status_code == 422
    assert desk.post(path, {"until": "2024-10-15", "reason": "holiday"}).status_code == 409
    assert desk.post(path, {"until": "2024-10-25", "reason": "holiday"}).status_code == 302

    entry.refresh_from_db()
    assert entry.offered_until is not None
    assert entry.offered_until.date() == date(2024, 10, 25)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE])
def test_who_only_reads_offers_nothing(edition: Edition, role: Role) -> None:
    reader = enter(role)

    assert "Offer 1 free seat" not in page(reader, edition)
    assert reader.post(reverse("offer-seats", args=[edition.slug])).status_code in {403, 404}
