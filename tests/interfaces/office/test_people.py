"""The page that gives and takes roles."""

import re
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.accounts import make_officer, make_user
from tests.factories.entering import enter_known
from tests.factories.programme import make_edition

from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.queries import roles_of
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    user = make_officer(Role.PEOPLE_ADMIN, email="adm@office.example")
    client.force_login(user)
    return user


def test_an_invitation_gives_the_role_and_its_link_sets_the_password_once(client: Client, administrator: User) -> None:
    client.post("/office/people/invite/", {"email": "nerea@office.example", "role": "delivery"})

    invited = User.objects.get(email="nerea@office.example")
    assert roles_of(invited) == {Role.DELIVERY}
    mail = OutgoingMail.objects.get(kind="accounts/invitation")
    found = re.search(r"/sign-in/invitation/[\w-]+/", mail.content.text)
    assert found
    visitor = Client()
    answer = visitor.post(found[0], {"password": "a long enough secret"})
    assert answer["Location"] == "/sign-in/office/"
    invited.refresh_from_db()
    assert invited.check_password("a long enough secret")
    assert visitor.get(found[0]).status_code == 410


def test_a_weak_password_leaves_the_invitation_open(client: Client, administrator: User) -> None:
    client.post("/office/people/invite/", {"email": "nerea@office.example", "role": "delivery"})
    text = OutgoingMail.objects.get(kind="accounts/invitation").content.text
    found = re.search(r"/sign-in/invitation/[\w-]+/", text)
    assert found

    answer = Client().post(found[0], {"password": "short"})

    assert answer.status_code == 422
    assert Client().get(found[0]).status_code == 200


def test_a_role_is_taken_with_a_reason_that_stands_in_the_trail(client: Client, administrator: User) -> None:
    officer = make_officer(Role.FINANCE, Role.ADMISSIONS)

    client.post(
        f"/office/people/{officer.pk}/take/",
        {"take-role": "finance", "take-reason": "moved to another desk"},
    )

    assert roles_of(officer) == {Role.ADMISSIONS}
    event = AuditEvent.objects.get(name=Event.ROLE_REVOKED)
    assert (event.actor, event.facts) == (f"user:{administrator.pk}", {"role": "finance"})
    assert event.personal_part.payload == {"reason": "moved to another desk"}


def test_a_role_is_not_taken_without_a_reason(client: Client, administrator: User) -> None:
    officer = make_officer(Role.FINANCE)

    answer = client.post(f"/office/people/{officer.pk}/take/", {"take-role": "finance", "take-reason": " "})

    assert answer.status_code == 422
    assert roles_of(officer) == {Role.FINANCE}


def test_the_last_people_administrator_stays(client: Client, administrator: User) -> None:
    answer = client.post(
        f"/office/people/{administrator.pk}/take/",
        {"take-role": "people administrator", "take-reason": "leaving"},
    )

    assert answer.status_code == 409
    assert b"name another people administrator first" in answer.content
    assert roles_of(administrator) == {Role.PEOPLE_ADMIN}


def test_a_second_role_is_given(client: Client, administrator: User) -> None:
    officer = make_officer(Role.FINANCE)

    client.post(f"/office/people/{officer.pk}/give/", {"give-role": "assessor"})

    assert roles_of(officer) == {Role.FINANCE, Role.ASSESSOR}


def test_an_auditor_reads_the_people_and_finds_no_form(client: Client, administrator: User) -> None:
    client.force_login(make_officer(Role.AUDITOR))

    page = client.get("/office/people/")

    assert b"adm@office.example" in page.content
    assert b"<form" not in page.content
    assert client.post("/office/people/invite/", {}).status_code == 404


def test_the_list_says_the_day_of_the_last_sign_in_as_other_pages_do(client: Client, administrator: User) -> None:
    make_edition()
    User.objects.filter(pk=administrator.pk).update(last_login=datetime(2024, 10, 21, 7, 13, tzinfo=UTC))

    assert "Mon 21 Oct 2024, 09:13" in client.get("/office/people/").content.decode()


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(client: Client, administrator: User) -> None:
    asked = []
    client.get("/office/people/")  # what every page keeps for a while is asked once, by whoever comes first
    for more in (1, 2):
        for _ in range(more):
            make_officer(Role.FINANCE, Role.ADMISSIONS)
        with CaptureQueriesContext(connection) as queries:
            client.get("/office/people/")
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 8


def test_nobody_gives_a_role_to_themself(client: Client, administrator: User) -> None:
    given = client.post(f"/office/people/{administrator.pk}/give/", {"give-role": "finance"})
    invited = client.post("/office/people/invite/", {"email": "ADM@office.example", "role": "second person"})

    assert (given.status_code, invited.status_code) == (409, 409)
    assert roles_of(administrator) == {Role.PEOPLE_ADMIN}
    assert not OutgoingMail.objects.filter(kind="accounts/invitation").exists()


class TestLostSecondFactor:
    """Password, app, passkeys and recovery codes go together, and the account begins anew by a mailed link."""

    REASON = "Phone stolen; called back at the town hall."

    @pytest.fixture
    def officer(self) -> User:
        officer = make_officer(Role.FINANCE, email="pol@office.example")
        for kind in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES):
            Authenticator.objects.create(user=officer, type=kind, data={})
        return officer

    def send(self, client: Client, user: User, reason: str = REASON):
        return client.post(f"/office/people/{user.pk}/let-in-anew/", {"anew-reason": reason})

    def test_nothing_of_before_opens_the_account_and_a_link_begins_anew(
        self, client: Client, administrator: User, officer: User
    ) -> None:
        desk = Client()
        desk.force_login(officer)
        assert desk.get("/office/").status_code == 200

        answer = self.send(client, officer)

        assert answer.status_code == 302
        assert not Authenticator.objects.filter(user=officer).exists()
        assert desk.get("/office/").status_code == 302
        link = re.search(
            r"/sign-in/invitation/[\w-]+/", OutgoingMail.objects.get(kind="accounts/let-in-anew").content.text
        )
        assert link
        assert Client().post(link[0], {"password": "another long secret"}).status_code == 302
        officer.refresh_from_db()
        assert officer.check_password("another long secret")
        assert roles_of(officer) == {Role.FINANCE}

    def test_it_stands_in_the_trail_with_its_reason(self, client: Client, administrator: User, officer: User) -> None:
        self.send(client, officer)

        event = AuditEvent.objects.get(name=Event.ACCESS_RESET)
        assert (event.actor, event.personal_part.payload) == (f"user:{administrator.pk}", {"reason": self.REASON})

    def test_without_a_reason_nothing_happens(self, client: Client, administrator: User, officer: User) -> None:
        assert self.send(client, officer, "  ").status_code == 422
        assert Authenticator.objects.filter(user=officer).count() == 3

    def test_nobody_does_it_to_their_own_account(self, client: Client, administrator: User) -> None:
        page = client.get(f"/office/people/{administrator.pk}/").content.decode()

        assert "Let in anew" not in page
        assert self.send(client, administrator).status_code == 409
        administrator.refresh_from_db()
        assert administrator.has_usable_password()

    @pytest.mark.parametrize("role", [Role.EDITION_LEAD, Role.FINANCE, Role.AUDITOR])
    def test_only_a_people_administrator_may(self, role: Role, officer: User) -> None:
        client = Client()
        client.force_login(make_officer(role))

        assert self.send(client, officer).status_code in (403, 404)
        assert Authenticator.objects.filter(user=officer).count() == 3

    def test_a_participant_is_no_account_of_the_office(self, client: Client, administrator: User) -> None:
        assert self.send(client, make_user("one@city.example")).status_code == 404

    def test_the_command_line_does_it_for_the_only_administrator(
        self, administrator: User, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["office", "let-in-anew", "adm@office.example", "--because", self.REASON]) == 0

        assert "/sign-in/invitation/" in capsys.readouterr().out
        administrator.refresh_from_db()
        assert not administrator.has_usable_password()

    def test_the_command_line_says_who_is_unknown(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["office", "let-in-anew", "x@office.example", "--because", self.REASON]) == 1
        assert "x@office.example is no account of the office" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [
        pytest.param("Ane\r\n  Etxeberria", 302, "Ane Etxeberria", id="two lines"),
        pytest.param("\u738b", 302, "\u738b", id="one sign"),
        pytest.param("", 302, "", id="none"),
        pytest.param("\u200b", 422, "", id="nothing that anybody sees"),
        pytest.param("lead@office.example", 422, "", id="an address"),
    ],
)
def test_the_name_that_colleagues_read_is_a_name(typed: str, status: int, kept: str) -> None:
    client, user = enter_known(Role.FINANCE)

    answer = client.post(reverse("my-account"), {"language": "en", "name": typed})

    user.refresh_from_db()
    assert (answer.status_code, user.name) == (status, kept)
