"""A dialogue by page and mail in one thread, with its clocks (promise B1)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.talking import leave_unanswered
from chancery.domain.admissions.states import ApplicationState, Channel, Direction
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.mail.threads import reply_address
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.journey.correspond import (
    call_silent_applicants,
    hear_from_applicant,
    receive_mail,
    write_to_applicant,
)

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2024, 10, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer().pk)


def asked(officer: Actor) -> Application:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    write_to_applicant(application_id=application.pk, text="Who pays?", actor=officer, now=TUESDAY)
    return application


def reply(application: Application, *, automatic: bool = False, verdict: str = "") -> bytes:
    mail, domain = OutgoingMail.objects.get(kind="admissions/question"), application.person.email.partition("@")[2]
    head = [
        *([f"Authentication-Results: mx.us.example; dmarc={verdict} header.from={domain}"] if verdict else []),
        f"From: {application.person.email}",
        f"To: {reply_address(mail.thread.token)}",
        "Subject: Re: A question",
        "Message-ID: <one@city.example>",
        f"In-Reply-To: {mail.message_id}",
        *(["Auto-Submitted: auto-replied"] if automatic else []),
        "Content-Type: text/plain; charset=utf-8",
    ]
    return ("\r\n".join(head) + "\r\n\r\nOur city pays.\r\n").encode()


def test_the_wished_day_is_the_setting_of_the_edition_in_working_days(officer: Actor) -> None:
    application = asked(officer)

    assert application.dialogue.get().wished_by == date(2024, 10, 22)


def test_a_reply_by_mail_lands_in_the_dialogue_once(officer: Actor) -> None:
    application = asked(officer)
    raw = reply(application)

    for _ in range(2):
        receive_mail(raw=raw, source="test", now=TUESDAY + timedelta(days=1))

    answers = application.dialogue.filter(direction=Direction.FROM_APPLICANT)
    assert [(entry.channel, entry.words.text) for entry in answers] == [(Channel.MAIL, "Our city pays.")]


def test_a_participant_who_replies_is_on_the_list_of_what_is_due(officer: Actor) -> None:
    application = asked(officer)
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.ADMITTED)

    receive_mail(raw=reply(application), source="test", now=TUESDAY + timedelta(days=1))

    owed = Obligation.objects.get(kind=ObligationKind.ANSWER, met_at=None, dropped_at=None)
    assert owed.subject_id == str(application.pk)


@pytest.mark.parametrize("verdict", ["fail", "none", "temperror", ""])
def test_a_mail_of_an_unconfirmed_sender_is_owed_an_answer_and_ends_no_wait(
    officer: Actor, settings: Any, verdict: str
) -> None:
    settings.AUTHSERV_ID = "mx.us.example"
    application = asked(officer)
    receive_mail(raw=reply(application, verdict=verdict), source="test", now=TUESDAY + timedelta(days=1))
    owed = Obligation.objects.get(kind=ObligationKind.ANSWER, met_at=None, dropped_at=None)
    assert owed.subject_id == str(application.pk)

    leave_unanswered(application_id=application.pk, actor=officer, now=TUESDAY + timedelta(days=1))

    assert call_silent_applicants(now=TUESDAY + timedelta(days=30)) == 1


def test_an_automatic_answer_speaks_for_nobody(officer: Actor) -> None:
    application = asked(officer)

    receive_mail(raw=reply(application, automatic=True), source="test", now=TUESDAY)

    assert not application.dialogue.filter(direction=Direction.FROM_APPLICANT).exists()


def test_an_answer_on_the_page_gives_us_three_working_days(officer: Actor) -> None:
    application = asked(officer)

    hear_from_applicant(application_id=application.pk, text="Our city.", actor=officer, now=TUESDAY)

    owed = Obligation.objects.get(kind=ObligationKind.ANSWER, met_at=None)
    assert owed.due_at == datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)


def test_silence_past_the_wished_day_opens_a_call_and_nothing_else(officer: Actor) -> None:
    application = asked(officer)
    after = datetime(2024, 10, 23, 6, 0, tzinfo=UTC)

    counted = [
        call_silent_applicants(now=TUESDAY),
        call_silent_applicants(now=after),
        call_silent_applicants(now=after),
    ]

    application.refresh_from_db()
    assert counted == [0, 1, 0]
    assert application.turn_ours
    assert application.state == ApplicationState.IN_DIALOGUE
