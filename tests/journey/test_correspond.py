"""A dialogue by page and mail in one thread, with its clocks (promise B1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.talking import leave_unanswered
from chancery.domain.admissions.states import ApplicationState, Channel, Direction
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.mail.mailbox import Message, mailbox_from_url
from chancery.foundation.mail.models import IncomingHandling, IncomingMail, OutgoingMail
from chancery.foundation.mail.threads import reply_address
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.journey import correspond
from chancery.journey.call_off import end_applications
from chancery.journey.correspond import (
    call_silent_applicants,
    fetch_mail,
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


class Box:
    """A mailbox in which some messages lie."""

    validity = 1

    def __init__(self, *raws: bytes) -> None:
        self.raws, self.read = dict(enumerate(raws, start=1)), list[int]()

    def numbers(self, _since: date) -> list[int]:
        return list(self.raws)

    def message(self, number: int) -> Message:
        return Message(self.raws[number], TUESDAY)

    def mark_read(self, number: int) -> None:
        self.read.append(number)


def fetch_from(box: Box, monkeypatch: pytest.MonkeyPatch) -> int:
    @contextmanager
    def opened(_address: object) -> Iterator[Box]:
        yield box

    monkeypatch.setattr(correspond, "opened", opened)
    return fetch_mail(mailbox_from_url("imaps://us:secret@city.example"), now=TUESDAY)


def answer_of_a_draft() -> bytes:
    """Return the answer of somebody who read that their draft has ended."""
    draft = make_application(state=ApplicationState.DRAFT)
    Application.objects.filter(pk=draft.pk).update(submitted_at=None)
    end_applications(edition_id=draft.edition_id, note="Too few.", actor=user_actor(make_officer().pk), now=TUESDAY)
    mail = OutgoingMail.objects.get(thread__subject_id=str(draft.pk))
    return f"From: a@city.example\r\nTo: {reply_address(mail.thread.token)}\r\n\r\nA pity.\r\n".encode()


def test_an_answer_to_the_end_of_a_draft_waits_in_the_inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box(answer_of_a_draft(), b"From: a@b.example\r\n\r\nhi")

    assert (fetch_from(box, monkeypatch), box.read) == (2, [1, 2])
    assert IncomingHandling.objects.filter(handled_at=None, own_text="A pity.").exists()


def test_a_message_that_we_fail_to_take_in_keeps_no_other_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = b"From: a@b.example\r\n\r\nbad", b"From: a@b.example\r\n\r\ngood"
    box = Box(bad, good)

    def failing(*, mail: IncomingMail, now: datetime) -> None:
        if mail.handling.own_text == "bad":
            raise RuntimeError

    with monkeypatch.context() as while_broken:
        while_broken.setattr(correspond, "take_in_reply", failing)
        assert (fetch_from(box, while_broken), box.read) == (1, [2])

    assert (fetch_from(box, monkeypatch), box.read) == (1, [2, 1])
