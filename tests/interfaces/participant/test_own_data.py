"""On the account page a person gets a copy of their data, and is erased after a code from their own mailbox."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from tests.factories.accounts import make_person, make_user
from tests.factories.admissions import make_application
from tests.factories.entering import enter
from tests.factories.forgetting import APPLIED_AT, EMAIL, MARKERS, NAME, make_withdrawn, rows_that_name
from tests.factories.money import billed_place
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.files.models import Purpose, StoredFile
from chancery.foundation.mail.models import MailContent
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.foundation.privacy.models import DataRequest
from chancery.interfaces.worker.sweeps import copies_are_due, make_copies
from chancery.journey.forget import sweep_kept

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@world
def withdrawn() -> None:
    """An applicant who took their application back."""
    make_withdrawn()


@pytest.fixture
def client(withdrawn: None) -> Client:
    """Return the applicant who took their application back, signed in."""
    return entered()


def entered() -> Client:
    client = Client()
    client.force_login(User.objects.get(email=EMAIL))
    return client


def code_of_the_mail() -> str:
    text = MailContent.objects.filter(mail__kind="accounts/erasure-code").latest("id").text
    found = re.search(r"\b\d{6}\b", text)
    assert found
    return found[0]


class TestCopy:
    def test_it_is_asked_for_made_by_the_worker_and_fetched(self, client: Client) -> None:
        client.post("/my/account/copy/")
        waiting, due = client.get("/my/account/").content.decode(), copies_are_due()

        made = make_copies()

        page = client.get("/my/account/").content.decode()
        packed = client.get("/my/account/copy/file/")
        assert "Your copy is being made" in waiting
        assert (due, made, copies_are_due()) == (True, 1, False)
        assert "Save my copy" in page
        assert "attachment" in packed["Content-Disposition"]
        with ZipFile(BytesIO(packed.content)) as archive:
            assert NAME in archive.read("index.html").decode()

    def test_the_law_gives_a_month_and_the_clock_is_met(self, client: Client) -> None:
        with time_machine.travel(NOW, tick=False):
            client.post("/my/account/copy/")
        owed = Obligation.objects.get(kind=ObligationKind.DATA_REQUEST)
        make_copies()

        assert owed.due_at == datetime(2024, 12, 25, 8, 0, tzinfo=UTC)
        assert Obligation.objects.get(pk=owed.pk).met_at

    def test_asking_twice_is_asking_once(self, client: Client) -> None:
        client.post("/my/account/copy/")
        client.post("/my/account/copy/")

        assert DataRequest.objects.count() == 1
        assert AuditEvent.objects.filter(name=Event.DATA_ASKED).count() == 1

    def test_a_new_copy_is_made_a_day_after_the_last_one(self, client: Client) -> None:
        with time_machine.travel(NOW, tick=False):
            client.post("/my/account/copy/")
            make_copies()
        with time_machine.travel(NOW + timedelta(days=1) - timedelta(seconds=1), tick=False):
            page = client.get("/my/account/").content.decode()
            client.post("/my/account/copy/")
            within = DataRequest.objects.count()
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            client.post("/my/account/copy/")

        assert "Make a new copy" not in page
        assert (within, DataRequest.objects.count()) == (1, 2)

    def test_nobody_fetches_what_was_not_made(self, client: Client) -> None:
        assert client.get("/my/account/copy/file/").status_code == 404

    def test_nobody_fetches_the_copy_of_another(self, client: Client) -> None:
        client.post("/my/account/copy/")
        make_copies()
        other = Client()
        other.force_login(make_user())

        assert other.get("/my/account/copy/file/").status_code == 404

    def test_it_goes_after_a_week(self, client: Client) -> None:
        with time_machine.travel(NOW, tick=False):
            client.post("/my/account/copy/")
            make_copies()
        asked = DataRequest.objects.get()

        sweep_kept(now=asked.answered_at + timedelta(days=7) - timedelta(seconds=1))
        kept = StoredFile.objects.filter(purpose=Purpose.DATA_COPY).count()
        sweep_kept(now=asked.answered_at + timedelta(days=7))

        asked.refresh_from_db()
        assert (kept, asked.file, asked.answered_at) == (1, None, NOW)
        assert not StoredFile.objects.filter(purpose=Purpose.DATA_COPY).exists()

    def test_one_request_waits_at_a_time(self) -> None:
        user = make_user()
        DataRequest.objects.create(user=user, asked_at=NOW)

        with pytest.raises(IntegrityError), transaction.atomic():
            DataRequest.objects.create(user=user, asked_at=NOW)

    def test_a_file_is_there_only_of_an_answered_request(self) -> None:
        file = StoredFile.objects.create(
            sha256="0" * 64,
            purpose=Purpose.DATA_COPY,
            content_type="application/zip",
            size=1,
            name="a.zip",
            path="aa/a",
            created_at=NOW,
        )

        with pytest.raises(IntegrityError), transaction.atomic():
            DataRequest.objects.create(user=make_user(), asked_at=NOW, file=file)


class TestErasing:
    def test_a_code_from_the_mailbox_erases_and_signs_out(self, client: Client) -> None:
        client.post("/my/account/copy/")
        make_copies()
        client.post("/my/account/erase/")

        page = client.post("/my/account/erase/", {"code": code_of_the_mail()})

        assert page.status_code == 200
        assert "Your data are erased" in page.content.decode()
        assert rows_that_name(*MARKERS) == {}
        assert not StoredFile.objects.exists()
        assert client.get("/my/account/").status_code == 302

    def test_other_digits_erase_nothing(self, client: Client) -> None:
        client.post("/my/account/erase/")
        wrong = f"{(int(code_of_the_mail()) + 1) % 1_000_000:06}"

        page = client.post("/my/account/erase/", {"code": wrong})

        assert page.status_code == 422
        assert "These are not the digits" in page.content.decode()
        assert User.objects.filter(email=EMAIL).exists()

    def test_digits_are_asked_for_before_they_are_taken(self, client: Client) -> None:
        page = client.post("/my/account/erase/", {"code": "123456"})

        assert page.status_code == 302
        assert User.objects.filter(email=EMAIL).exists()

    def test_while_something_is_open_it_is_refused_with_what_lifts_it(self) -> None:
        make_application(person=make_person(NAME, user=make_user(EMAIL)), state=ApplicationState.IN_DIALOGUE)

        page = entered().post("/my/account/erase/")

        said = page.content.decode()
        assert page.status_code == 409
        assert 'role="alert"' in said
        assert "An application is under way. Take it back first." in said
        assert not MailContent.objects.filter(mail__kind="accounts/erasure-code").exists()

    def test_what_the_law_keeps_is_said_before(self) -> None:
        place, bill = billed_place(make_edition())
        client = Client()
        client.force_login(place.person.user)

        said = client.get("/my/account/erase/").content.decode()

        assert bill.number in said
        assert "What the law keeps" in said


class TestOfficePage:
    def test_it_shows_what_goes_what_is_held_back_and_who_waits(self, client: Client) -> None:
        held = make_application(state=ApplicationState.IN_DIALOGUE)
        client.post("/my/account/copy/")

        with time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC)):
            said = enter(Role.AUDITOR).get("/office/kept/").content.decode()

        assert "An application that led to no place" in said
        assert held.reference in said
        assert "An application is under way. Take it back first." in said
        assert EMAIL in said
        assert NAME not in said

    def test_it_deletes_nothing(self, client: Client) -> None:
        before = rows_that_name(*MARKERS)

        with time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC)):
            enter(Role.PEOPLE_ADMIN).get("/office/kept/")

        assert rows_that_name(*MARKERS) == before

    def test_the_clock_of_a_request_stands_on_the_administrators_page(self, client: Client) -> None:
        with time_machine.travel(APPLIED_AT, tick=False):
            client.post("/my/account/copy/")
            said = enter(Role.PEOPLE_ADMIN).get("/office/clocks/").content.decode()

        assert "give a person the copy of their data" in said
