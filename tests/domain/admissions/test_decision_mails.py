"""The mails of the dialogue and of every answer that is no admission."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.programme import make_date_change, make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.admissions.mails.dates import dates_told_mail
from chancery.domain.admissions.mails.decision import decision_mail
from chancery.domain.admissions.mails.question import question_mail
from chancery.domain.admissions.models import Decision, DialogueEntry, DialogueText
from chancery.domain.admissions.states import ApplicationState, DeclineReason, Outcome
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.services import open_thread

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"
NOW = datetime(2024, 10, 15, 8, 0, tzinfo=UTC)


def make_named(state: ApplicationState):
    edition = make_edition()
    edition.number = 2
    application = make_application(edition=edition, state=state)
    application.reference = "M2-0009"
    application.person.email = "peter@nairobi.example"
    return application


@pytest.mark.parametrize(
    ("state", "outcome", "reason", "rank"),
    [
        (ApplicationState.DECLINED, Outcome.DECLINE, DeclineReason.CANNOT_ATTEND, None),
        (ApplicationState.WAITING, Outcome.WAIT, "", 1),
        (ApplicationState.WAITING, Outcome.ADMIT, "", 3),
        (ApplicationState.NEXT_EDITION, Outcome.NEXT_EDITION, "", None),
    ],
)
def test_the_answer_is_told_in_three_sentences(state, outcome, reason, rank) -> None:
    application = make_named(state)
    decision = Decision(pk=1, application=application, outcome=outcome, reason=reason)

    mail = decision_mail(
        decision, state=state, thread=open_thread(about=ref(application), purpose="dialogue"), rank=rank
    )

    name = "waiting_for_a_seat" if outcome == Outcome.ADMIT else mail.kind.rpartition("/")[2]
    assert_looks_like(mail, COPIES / f"{name}.en.txt")


def test_the_question_stands_in_full_with_the_wished_day() -> None:
    application = make_named(ApplicationState.IN_DIALOGUE)
    entry = DialogueEntry.objects.create(
        application=application,
        direction="from the office",
        channel="page",
        author=make_officer(),
        wished_by=date(2024, 10, 23),
        at=NOW,
    )
    DialogueText.objects.create(entry=entry, text="Which part of the week can you not attend?\n\nAnd why?")

    mail = question_mail(entry, open_thread(about=ref(application), purpose="dialogue"))

    assert_looks_like(mail, COPIES / "question.en.txt")


@pytest.mark.parametrize(
    ("name", "starts_on", "ends_on"),
    [
        ("dates_told", date(2024, 11, 18), date(2024, 11, 22)),
        ("dates_told_moved", date(2024, 12, 2), date(2024, 12, 6)),
    ],
)
def test_who_has_applied_is_told_of_the_dates(name: str, starts_on: date, ends_on: date) -> None:
    application = make_named(ApplicationState.SUBMITTED)
    change = make_date_change(application.edition, starts_on=starts_on, ends_on=ends_on, changed_at=NOW)

    mail = dates_told_mail(application, change, open_thread(about=ref(application), purpose="dialogue"))

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
