"""An officer changes the keys of their own account, and an open session alone changes none."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from tests.factories.accounts import NOW, PASSWORD, make_officer, make_user

from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.second_factor import new_secret, set_second_factor
from chancery.foundation.accounts.services import accept_invitation, invite_to_office, let_in_anew
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.clock import machine_now
from chancery.foundation.mail.models import MailContent

pytestmark = pytest.mark.django_db
OTHER = "five quiet boats at noon"
CODES, PASSWORD_PAGE = "/sign-in/second-factor/codes/", "/sign-in/password/"
DAY = 24 * 3600


@pytest.fixture
def officer() -> User:
    return make_officer(Role.FINANCE)


@pytest.fixture
def owner(client: Client, officer: User) -> Client:
    """Somebody who signed in with password and app."""
    secret, step = new_secret(), int(machine_now().timestamp()) // 30
    code = format_hotp_value(hotp_value(secret, step))
    set_second_factor(user=officer, secret=secret, code=code, actor=SYSTEM, now=NOW)
    client.post("/sign-in/office/", {"email": officer.email, "password": PASSWORD})
    client.post("/sign-in/second-factor/", {"code": format_hotp_value(hotp_value(secret, step + 1))})
    return client


def codes_of(user: User) -> object:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).data


def subjects() -> list[str]:
    return list(MailContent.objects.order_by("pk").values_list("subject", flat=True))


@pytest.mark.parametrize("present", ["", "guessed"])
def test_without_the_password_nothing_is_changed(owner: Client, officer: User, present: str) -> None:
    before = codes_of(officer)

    answers = [
        owner.post(PASSWORD_PAGE, {"present": present, "password": OTHER}),
        owner.post(CODES, {"present": present}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert codes_of(officer) == before


def test_the_password_is_changed_with_the_one_before_and_its_owner_reads_of_it(owner: Client, officer: User) -> None:
    answer = owner.post(PASSWORD_PAGE, {"present": PASSWORD, "password": OTHER})

    assert answer["Location"] == "/sign-in/office/"
    officer.refresh_from_db()
    assert officer.check_password(OTHER)
    assert subjects()[-1] == "Your password was changed"


def test_recovery_codes_are_renewed_with_the_password(owner: Client, officer: User) -> None:
    before = codes_of(officer)

    answer = owner.post(CODES, {"present": PASSWORD})

    assert answer["Location"] == CODES
    assert codes_of(officer) != before


def test_guesses_of_the_password_are_counted(owner: Client, officer: User) -> None:
    for _ in range(12):
        last = owner.post(CODES, {"present": "guessed"})

    assert b"Too many tries." in last.content


def test_who_had_a_password_reads_that_an_invitation_set_another_one(officer: User) -> None:
    again = invite_to_office(email=officer.email, role=Role.DELIVERY, actor=SYSTEM, now=NOW)
    accept_invitation(token=again.token, password=OTHER, now=NOW)

    assert subjects()[-1] == "Your password was changed"


def test_who_has_none_is_told_of_no_change(officer: User) -> None:
    first = invite_to_office(email="nerea@office.example", role=Role.DELIVERY, actor=SYSTEM, now=NOW)
    anew = let_in_anew(user=officer, reason="lost the phone", actor=SYSTEM, now=NOW)
    for invited in (first, anew):
        accept_invitation(token=invited.token, password=OTHER, now=NOW)

    assert "Your password was changed" not in subjects()


def test_a_session_of_the_office_ends_after_a_working_day_however_it_is_used(owner: Client, settings: object) -> None:
    opened = owner.session.get_expiry_age()
    owner.get("/sign-in/passkeys/")  # writes into the session

    assert DAY / 2 - 60 < owner.session.get_expiry_age() <= opened <= DAY / 2


def test_how_long_is_a_setting_and_other_sessions_end_with_their_cookie(client: Client, settings) -> None:
    settings.OFFICE_SESSION, officer = timedelta(hours=3), make_officer(Role.FINANCE)
    client.post("/sign-in/office/", {"email": officer.email, "password": PASSWORD})
    assert client.session.get_expiry_age() <= 3 * 3600

    by_code(client, make_user("iva@zagreb.example"))
    assert client.session.get_expiry_age() == 14 * DAY


def by_code(client: Client, user: User) -> None:
    client.post("/sign-in/", {"email": user.email})
    text = MailContent.objects.get(mail__kind="accounts/sign-in-code").text
    code = next(word for word in text.split() if word.isdecimal() and len(word) == 6)
    client.post("/sign-in/code/", {"code": code})


def test_the_address_in_the_masthead_leads_an_officer_to_their_keys_and_back(owner: Client, officer: User) -> None:
    today = owner.get("/office/").content.decode()
    account = owner.get("/my/account/").content.decode()

    assert f'<a href="/my/account/"><bdi>{officer.email}</bdi></a>' in today
    assert all(f'href="{each}"' in account for each in ("/office/", PASSWORD_PAGE, "/sign-in/passkeys/", CODES))
    assert "My applications" not in account
    assert "My applications" not in owner.get("/my/account/erase/").content.decode()


@pytest.mark.parametrize("page", [PASSWORD_PAGE, CODES, "/sign-in/passkeys/", "/sign-out/", "/office/not-there/"])
def test_pages_beside_the_office_keep_its_frame(owner: Client, page: str) -> None:
    assert '<nav class="desks"' in owner.get(page).content.decode()


def test_who_has_shown_no_second_factor_reads_a_404_outside_the_office(client: Client, officer: User, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(officer)

    assert '<nav class="desks"' not in client.get("/office/not-there/").content.decode()


def test_a_password_is_changed_where_there_is_one_and_what_is_missing_stands_in_its_order(owner: Client) -> None:
    page = owner.post(PASSWORD_PAGE, {"present": "", "password": ""}).content.decode()

    assert "Change your password" in page
    assert page.index("#id_present") < page.index("#id_password")


def test_who_signed_in_by_a_code_alone_is_shown_no_keys(client: Client) -> None:
    client.force_login(make_user())

    assert PASSWORD_PAGE not in client.get("/my/account/").content.decode()


def test_an_officer_says_by_what_name_colleagues_know_them(owner: Client, officer: User, settings) -> None:
    owner.post("/my/account/", {"name": "Pol Mestral", "language": "en"})

    officer.refresh_from_db()
    assert officer.name == "Pol Mestral"
    assert '<a href="/my/account/"><bdi>Pol Mestral</bdi></a>' in owner.get("/office/").content.decode()
    settings.SECOND_FACTOR_REQUIRED = False
    owner.force_login(make_officer(Role.PEOPLE_ADMIN))
    people = owner.get("/office/people/").content.decode()
    assert "<bdi>Pol Mestral</bdi></a>" in people
    assert f"<bdi>{officer.email}</bdi></td>" in people


def test_the_name_of_who_applies_is_not_asked_here(client: Client) -> None:
    client.force_login(make_user())

    assert 'name="name"' not in client.get("/my/account/").content.decode()
