"""An offered seat, on the page of whoever waits and at the desk."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.admissions import make_application
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.foundation import clock
from chancery.foundation.audit.actors import SYSTEM
from chancery.journey import offer

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 10, 14, 8, 0, tzinfo=UTC)


class TestOfferOfASeat:
    """Whoever waits is offered a seat on a page of their own."""

    def offered(self, settings) -> tuple[Client, Application]:
        settings.DEMO = True
        application = make_application(edition=make_edition(capacity=1), state=ApplicationState.WAITING)
        join_waiting_list(application=application, actor=SYSTEM, now=MONDAY)
        offer.offer_free_seats(edition_id=application.edition_id, actor=SYSTEM, now=MONDAY)
        client = Client()
        client.force_login(application.person.user)
        return client, application

    @pytest.mark.parametrize(("answer", "state"), [("yes", "admitted"), ("no", "lapsed")])
    def test_the_answer_is_taken_once(self, settings, answer: str, state: str) -> None:
        client, application = self.offered(settings)
        path = reverse("answer-offer", args=[application.reference])
        with clock.travel(MONDAY):
            standing = client.get(reverse("see-application", args=[application.reference])).content.decode()
            page = client.get(path).content.decode()
            first, second = (client.post(path, {"answer": answer}).status_code for _ in range(2))

        application.refresh_from_db()
        assert "A place is free for you" in standing
        assert "Mon 21 Oct 2024, 18:00" in page
        assert (first, second, application.state) == (302, 409, state)

    def test_who_is_offered_nothing_reads_so(self) -> None:
        application = make_application(edition=make_edition(), state=ApplicationState.SUBMITTED)
        client = Client()
        client.force_login(application.person.user)

        page = client.get(reverse("answer-offer", args=[application.reference])).content.decode()

        assert "There is no offer to answer" in page
