"""Every promise with a clock on one page, for the desk that answers for it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.billing import make_entry, make_refund
from tests.factories.programme import make_edition

from chancery.domain.admissions.services.moving import take_turn
from chancery.domain.admissions.states import ApplicationState
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Role
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import meet_obligation, open_obligation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


def promise(kind: ObligationKind, subject: object, days: int) -> None:
    now = clock.now()
    open_obligation(kind, subject=subject, due_at=now + timedelta(days=days), basis="test", now=now)


def seen(role: Role, query: str = "") -> str:
    client = Client()
    client.force_login(make_officer(role))
    return " ".join(client.get(reverse("list-clocks") + query).content.decode().split())


def test_finance_sees_a_refund_with_its_days_left_and_an_answer_that_is_late() -> None:
    application = make_application(edition=make_edition())
    promise(ObligationKind.REFUND, make_refund(make_entry(), proposed_by=make_officer(Role.FINANCE)), 12)
    promise(ObligationKind.FIRST_ANSWER, application, -2)

    page = seen(Role.FINANCE)

    assert "2 promises run, 1 is late" in page
    assert "Sociedad Ejemplo" in page
    assert "12 days left" in page
    assert "2 days late" in page


def test_one_kind_can_be_asked_for() -> None:
    application = make_application(edition=make_edition())
    promise(ObligationKind.FIRST_ANSWER, application, 3)
    promise(ObligationKind.ANSWER, application, 0)

    page = seen(Role.FINANCE, "?kind=answer")

    assert "1 promise runs" in page
    assert "due today" in page


def test_a_desk_without_promises_is_told_so() -> None:
    promise(ObligationKind.FIRST_ANSWER, make_application(edition=make_edition()), 3)

    page = seen(Role.DELIVERY)

    assert "No promise runs that your desks answer for." in page
    assert "first answer" not in page


def test_breaches_are_counted() -> None:
    application = make_application(edition=make_edition())
    promise(ObligationKind.FIRST_ANSWER, application, -1)
    meet_obligation(ObligationKind.FIRST_ANSWER, subject=application, now=clock.now())

    page = seen(Role.ADMISSIONS)

    assert '<td role="cell" class="num" data-label="In time">0</td>' in page
    assert '<td role="cell" class="num" data-label="Late">1</td>' in page


@pytest.mark.parametrize("kind", [ObligationKind.FEE_DECISION, ObligationKind.INVOICE])
def test_who_sees_a_promise_can_open_the_page_on_which_it_is_kept(kind: ObligationKind) -> None:
    application = make_application(edition=make_edition())
    promise(kind, application, 0)
    client = Client()
    for role in (Role.SECOND_PERSON, Role.FINANCE, Role.EDITION_LEAD):
        client.force_login(make_officer(role))
        items = client.get(reverse("list-clocks")).context["items"]

        assert [client.get(item.href).status_code for item in items] == [200], role


def test_how_late_an_answer_is_reads_the_same_on_clocks_and_in_the_list() -> None:
    application = make_application(edition=make_edition(), state=ApplicationState.IN_ASSESSMENT)
    promise(ObligationKind.FIRST_ANSWER, application, -3)
    take_turn(application)
    client = Client()
    client.force_login(make_officer(Role.ADMISSIONS))

    clocks = client.get(reverse("list-clocks")).content.decode()
    desk = client.get(reverse("list-applications", args=[application.edition.slug])).content.decode()

    assert "3 days late" in clocks
    assert "3 days late" in desk
