"""The mails about a colleague who takes a place over."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.factories.admissions import make_application
from tests.factories.enrollment import make_place
from tests.factories.programme import make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.mails.substitutes import (
    place_taken_over_mail,
    substitute_asked_mail,
    substitute_refused_mail,
)
from chancery.domain.enrollment.models import Substitution
from chancery.foundation.mail.models import MailThread

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"
THREAD = MailThread(token="a2b3c4d5e6f7g2h3j4k5", purpose="dialogue")


@pytest.fixture
def wish() -> Substitution:
    place = make_place(make_application(edition=make_edition(), state=ApplicationState.ADMITTED))
    place.application.reference = "M2-0044"
    place.person.name, place.person.email = "Koffi Mousson", "koffi@abidjan.example"
    at = datetime(2024, 10, 14, 9, 0, tzinfo=UTC)
    return Substitution(pk=7, place=place, name="Aya Embrun", email="aya@abidjan.example", proposed_at=at)


def test_the_colleague_is_asked(wish: Substitution) -> None:
    mail = substitute_asked_mail(wish, thread=THREAD)

    assert_looks_like(mail, COPIES / "substitute_asked.en.txt")
    assert mail.to == "aya@abidjan.example"


def test_the_participant_reads_that_the_colleague_has_the_place(wish: Substitution) -> None:
    assert_looks_like(place_taken_over_mail(wish, thread=THREAD), COPIES / "place_taken_over.en.txt")


@pytest.mark.parametrize(("name", "because"), [("refused", "She works for the port."), ("declined", "")])
def test_the_participant_reads_why_the_place_stays(wish: Substitution, name: str, because: str) -> None:
    wish.because = because

    assert_looks_like(substitute_refused_mail(wish, thread=THREAD), COPIES / f"substitute_{name}.en.txt")
