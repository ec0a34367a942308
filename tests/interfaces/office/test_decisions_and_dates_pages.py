"""Giving decisions out, settling the dates, and the outbox, through the pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.applying import fill, send, start_draft
from tests.factories.programme import make_edition

from chancery.domain.admissions.services.deciding import draft_decision
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.domain.enrollment.models import Place, WaitingEntry
from chancery.foundation.accounts.callers import Caller
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.sign_in import send_sign_in_code
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.documents.services import store_rendering
from chancery.foundation.mail.models import MailDelivery, OutgoingMail
from chancery.foundation.mail.services import mark_sent

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _story_time(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead() -> tuple[Client, User]:
    officer = make_officer(Role.EDITION_LEAD)
    client = Client()
    client.force_login(officer)
    return client, officer


def draft_admissions(lead: User, *, capacity: int, people: int):
    edition = make_edition(capacity=capacity)
    decisions = []
    for _ in range(people):
        application = make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT)
        decisions.append(
            draft_decision(
                application_id=application.pk,
                outcome=Outcome.ADMIT,
                reason="",
                actor=user_actor(lead.pk),
                now=NOW,
            ).pk
        )
    return edition, decisions


def test_two_for_one_place_are_refused_and_one_goes_through(lead) -> None:
    client, officer = lead
    edition, decisions = draft_admissions(officer, capacity=1, people=2)
    address = reverse("release-decisions", args=[edition.slug])

    refused = client.post(address, {"decisions": decisions, "free_seen": 1})
    done = client.post(address, {"decisions": decisions[:1], "free_seen": 1})

    assert refused.status_code == 409
    assert "Pick who comes" in refused.content.decode()
    assert done.status_code == 302
    assert Place.objects.count() == 1


def test_the_page_asks_whether_the_rest_waits(lead) -> None:
    client, officer = lead
    edition, decisions = draft_admissions(officer, capacity=1, people=2)

    asked = client.get(reverse("list-decisions", args=[edition.slug])).content.decode()
    client.post(
        reverse("release-decisions", args=[edition.slug]),
        {"decisions": decisions, "free_seen": 1, "overflow_waits": "on"},
    )

    assert 'name="overflow_waits"' in asked
    assert (Place.objects.count(), WaitingEntry.objects.count()) == (1, 1)


def test_nothing_chosen_is_asked_for_again(lead) -> None:
    client, officer = lead
    edition, _ = draft_admissions(officer, capacity=1, people=1)

    assert client.post(reverse("release-decisions", args=[edition.slug]), {"free_seen": 1}).status_code == 422


def test_a_decision_by_a_number_without_end_is_none(lead) -> None:
    client, officer = lead
    edition, _ = draft_admissions(officer, capacity=1, people=1)
    typed = {"decisions": "9" * 5000, "free_seen": 1}

    assert client.post(reverse("release-decisions", args=[edition.slug]), typed).status_code == 422


def test_the_desk_drafts_but_the_lead_gives_out(lead) -> None:
    _, officer = lead
    edition, decisions = draft_admissions(officer, capacity=1, people=1)
    desk = Client()
    desk.force_login(make_officer(Role.ADMISSIONS))

    shown = desk.get(reverse("list-decisions", args=[edition.slug]))
    tried = desk.post(reverse("release-decisions", args=[edition.slug]), {"decisions": decisions})

    assert (shown.status_code, tried.status_code) == (200, 404)


def test_dates_are_first_shown_with_what_moves_then_settled(lead) -> None:
    client, _ = lead
    edition = make_edition()
    make_application(edition=edition)
    address = reverse("settle-dates", args=[edition.slug])
    wanted = {"starts_on": "2024-12-02", "ends_on": "2024-12-06"}

    plan = client.get(address, wanted).content.decode()
    mails_before = OutgoingMail.objects.count()
    client.post(reverse("save-dates", args=[edition.slug]), wanted)

    assert "Settle the dates and tell 1 person" in plan
    assert mails_before == 0
    edition.refresh_from_db()
    assert edition.starts_on.isoformat() == "2024-12-02"
    assert OutgoingMail.objects.get().kind == "admissions/dates_told"


def test_dates_that_cannot_hold_are_refused_with_the_reason(lead) -> None:
    client, _ = lead
    edition = make_edition()

    refused = client.get(
        reverse("settle-dates", args=[edition.slug]), {"starts_on": "2024-12-06", "ends_on": "2024-12-02"}
    )

    assert refused.status_code == 409
    assert "The last day lies before the first." in refused.content.decode()


def test_a_mail_that_left_is_shown_saved_and_sent_again(lead) -> None:
    client, officer = lead
    edition, decisions = draft_admissions(officer, capacity=1, people=1)
    client.post(reverse("release-decisions", args=[edition.slug]), {"decisions": decisions})
    mail = OutgoingMail.objects.get(kind="enrollment/place_reserved")
    mark_sent(mail, now=NOW)

    shown = client.get(reverse("show-mail", args=[mail.pk])).content.decode()
    saved = client.get(reverse("download-mail", args=[mail.pk]))
    again = client.post(reverse("send-mail-again", args=[mail.pk]))
    twice = client.post(reverse("send-mail-again", args=[mail.pk]))

    assert "The reply must hold these four lines" in shown
    assert b"Reply-To: diploma+" in saved.content
    assert (again.status_code, twice.status_code) == (302, 409)
    delivery = MailDelivery.objects.get(mail=mail)
    assert (delivery.state, delivery.sent_at) == ("queued", NOW)
    mark_sent(mail, now=NOW + timedelta(days=40))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at) == ("sent", NOW)


@pytest.mark.parametrize("state", ["", "queued", "nonsense"])
def test_the_outbox_opens_by_state(lead, state: str) -> None:
    client, officer = lead
    edition, decisions = draft_admissions(officer, capacity=1, people=1)
    client.post(reverse("release-decisions", args=[edition.slug]), {"decisions": decisions})

    shown = client.get(reverse("list-mail"), {"state": state})

    assert shown.status_code == 200
    assert "Your place is reserved" in shown.content.decode()


def test_a_waiting_mail_is_held_back_once(lead) -> None:
    client, officer = lead
    edition, decisions = draft_admissions(officer, capacity=1, people=1)
    client.post(reverse("release-decisions", args=[edition.slug]), {"decisions": decisions})
    mail = OutgoingMail.objects.get(kind="enrollment/place_reserved")

    held = client.post(reverse("hold-mail", args=[mail.pk]))
    twice = client.post(reverse("hold-mail", args=[mail.pk]))

    assert (held.status_code, twice.status_code) == (302, 409)
    assert MailDelivery.objects.get(mail=mail).state == "withheld"


def test_the_words_of_a_mail_that_opens_an_account_are_for_its_reader_alone(lead) -> None:
    client, _ = lead
    send_sign_in_code(email="asha@mumbai.example", language="en", caller=Caller("127.0.0.1"), now=NOW, story_now=NOW)
    mail = OutgoingMail.objects.get(kind="accounts/sign-in-code")
    code = re.search(r"\b\d{6}\b", mail.content.text)
    assert code is not None
    mark_sent(mail, now=NOW)

    shown = client.get(reverse("show-mail", args=[mail.pk])).content.decode()
    listed = client.get(reverse("list-mail")).content.decode()

    assert code.group() not in shown
    assert code.group() not in listed
    assert client.get(reverse("download-mail", args=[mail.pk])).status_code == 404


def test_a_paper_that_travels_with_a_mail_is_opened_once_it_is_made(lead, settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path
    client, _ = lead
    send(fill(start_draft()))
    mail = OutgoingMail.objects.get(kind="admissions/receipt")
    document = mail.documents.get().document
    address = reverse("open-mail-document", args=[mail.pk, document.pk])

    before, shown = client.get(address), client.get(reverse("show-mail", args=[mail.pk])).content.decode()
    store_rendering(document, content=b"%PDF-1.7 a paper", now=NOW)
    after = client.get(address)

    assert (before.status_code, address in shown, "(being made)" in shown) == (404, False, True)
    assert (after.status_code, after.content) == (200, b"%PDF-1.7 a paper")
    assert address in client.get(reverse("show-mail", args=[mail.pk])).content.decode()
