"""The mails to whoever holds a place of an edition that is not held."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.factories.admissions import make_application
from tests.factories.enrollment import make_place
from tests.factories.programme import make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.mails.choices import choice_asked_mail, choice_due_mail, place_moved_mail
from chancery.domain.enrollment.models import EditionChoice
from chancery.foundation.mail.models import MailThread

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"
THREAD = MailThread(token="a2b3c4d5e6f7g2h3j4k5", purpose="dialogue")
NOW = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def choice() -> EditionChoice:
    place = make_place(make_application(edition=make_edition(), state=ApplicationState.ADMITTED))
    place.application.reference, place.person.name, place.person.email = "M2-0044", "Ada Brisa", "ada@accra.example"
    target = make_edition()
    target.starts_on, target.ends_on = date(2025, 5, 12), date(2025, 5, 16)
    successor = make_place(make_application(edition=target, state=ApplicationState.ADMITTED))
    successor.application.reference = "M3-0007"
    until = datetime(2024, 11, 4, 22, 59, 59, tzinfo=UTC)
    words = "The hall has burnt down."
    return EditionChoice(
        pk=7, place=place, target=target, successor=successor, note=words, asked_at=NOW, answer_by=until
    )


def test_the_holder_is_asked(choice: EditionChoice) -> None:
    assert_looks_like(choice_asked_mail(choice, thread=THREAD), COPIES / "edition_choice.en.txt")


def test_the_holder_is_reminded(choice: EditionChoice) -> None:
    assert_looks_like(choice_due_mail(choice, thread=THREAD), COPIES / "choice_due.en.txt")


def test_the_holder_reads_where_the_place_is_now(choice: EditionChoice) -> None:
    assert_looks_like(place_moved_mail(choice, thread=THREAD), COPIES / "place_moved.en.txt")
