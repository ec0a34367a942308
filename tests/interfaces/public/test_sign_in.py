"""Signing in by code and, for the office, by password and second factor."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from tests.factories.accounts import NOW, PASSWORD, make_officer, make_user
from tests.factories.programme import make_edition

from chancery.foundation.accounts import second_factor, sign_in
from chancery.foundation.accounts.addresses import address_of
from chancery.foundation.accounts.callers import COOKIE
from chancery.foundation.accounts.languages import choose_language
from chancery.foundation.accounts.models import SignInCode, User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.second_factor import new_secret, set_second_factor
from chancery.foundation.accounts.services import let_in_anew
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.tasks.models import RateCount

pytestmark = pytest.mark.django_db
START = NOW.timestamp()


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask_for_code(client: Client, email: str, next_page: str = "") -> str:
    client.post("/sign-in/", {"email": email, "next": next_page})
    mail = OutgoingMail.objects.filter(kind="accounts/sign-in-code").latest("id")
    assert mail.content.to == address_of(email)
    found = re.search(r"\d{6}", mail.content.text)
    assert found
    return found[0]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def app_code(secret: str, steps_later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(START) // 30 + steps_later))


class TestByCode:
    def test_the_right_code_opens_the_session_and_leads_to_my_files(self, client: Client) -> None:
        user = make_user("iva@zagreb.example")
        code = ask_for_code(client, "Iva@Zagreb.example")

        answer = client.post("/sign-in/code/", {"code": f" {code[:3]} {code[3:]} "})

        assert (answer.status_code, answer["Location"]) == (302, "/my/")
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_an_unknown_address_gets_its_account_with_the_right_code(self, client: Client) -> None:
        code = ask_for_code(client, "new@zagreb.example")
        assert not User.objects.exists()

        client.post("/sign-in/code/", {"code": code})

        assert User.objects.get().email == "new@zagreb.example"
        assert is_signed_in(client)

    def test_the_answer_does_not_tell_whether_an_address_is_known(self, client: Client) -> None:
        make_user("known@zagreb.example")

        answers = [client.post("/sign-in/", {"email": f"{who}@zagreb.example"}) for who in ("known", "other")]

        assert {(a.status_code, a["Location"]) for a in answers} == {(302, "/sign-in/code/")}
        assert OutgoingMail.objects.count() == 2

    def test_a_wrong_code_keeps_the_address_and_says_so(self, client: Client) -> None:
        code = ask_for_code(client, "iva@zagreb.example")

        answer = client.post("/sign-in/code/", {"code": f"{(int(code) + 1) % 1_000_000:06}"})

        assert answer.status_code == 422
        assert b"iva@zagreb.example" in answer.content
        assert b"These are not the digits" in answer.content
        assert not is_signed_in(client)

    def test_after_five_wrong_tries_the_right_code_is_refused_too(self, client: Client) -> None:
        code = ask_for_code(client, "iva@zagreb.example")
        for _ in range(5):
            client.post("/sign-in/code/", {"code": f"{(int(code) + 1) % 1_000_000:06}"})

        answer = client.post("/sign-in/code/", {"code": code})

        assert answer.status_code == 422
        assert b"does not work any more" in answer.content
        assert not is_signed_in(client)

    def test_a_code_works_for_fifteen_minutes(self, client: Client, clock: time_machine.Traveller) -> None:
        code = ask_for_code(client, "iva@zagreb.example")
        clock.move_to(START + 900)

        answer = client.post("/sign-in/code/", {"code": code})

        assert answer.status_code == 422
        assert not is_signed_in(client)

    def test_a_code_works_once(self, client: Client) -> None:
        code = ask_for_code(client, "iva@zagreb.example")
        thief = Client()
        thief.cookies.update(client.cookies)
        client.post("/sign-in/code/", {"code": code})
        thief_session = thief.session
        thief_session["sign_in_code"] = {"id": SignInCode.objects.get().pk, "email": "iva@zagreb.example"}
        thief_session.save()

        thief.post("/sign-in/code/", {"code": code})

        assert not is_signed_in(thief)

    def test_a_newer_code_ends_the_older_one(self, client: Client) -> None:
        older = ask_for_code(client, "iva@zagreb.example")
        newer = ask_for_code(client, "iva@zagreb.example")

        answer = client.post("/sign-in/code/", {"code": older})

        assert older != newer
        assert answer.status_code == 422

    def test_only_a_hash_of_the_code_is_kept(self, client: Client) -> None:
        code = ask_for_code(client, "iva@zagreb.example")

        assert code not in SignInCode.objects.get().code_hash

    def test_the_session_gets_a_new_key(self, client: Client) -> None:
        code = ask_for_code(client, "iva@zagreb.example")
        before = client.session.session_key

        client.post("/sign-in/code/", {"code": code})

        assert client.session.session_key != before

    def test_a_blocked_account_is_not_let_in(self, client: Client) -> None:
        User.objects.filter(pk=make_user("iva@zagreb.example").pk).update(is_active=False)
        code = ask_for_code(client, "iva@zagreb.example")

        client.post("/sign-in/code/", {"code": code})

        assert not is_signed_in(client)

    @pytest.mark.parametrize(
        ("wanted", "reached"),
        [
            pytest.param("/my/applications/M2-0001/", "/my/applications/M2-0001/", id="a page of ours"),
            pytest.param("https://elsewhere.example/", "/my/", id="another site"),
            pytest.param("//elsewhere.example/", "/my/", id="another site without a scheme"),
        ],
    )
    def test_the_way_back_leads_only_to_pages_of_ours(self, client: Client, wanted: str, reached: str) -> None:
        code = ask_for_code(client, "iva@zagreb.example", wanted)

        answer = client.post("/sign-in/code/", {"code": code, "next": wanted})

        assert answer["Location"] == reached

    def test_too_many_codes_for_one_address_are_refused(self, client: Client) -> None:
        answers = [client.post("/sign-in/", {"email": "iva@zagreb.example"}).status_code for _ in range(11)]

        assert answers == [302] * 10 + [429]

    def test_a_stranger_who_types_an_address_over_and_over_keeps_its_owner_out_of_neither_door(self) -> None:
        officer = make_officer(Role.FINANCE, email="nerea@office.example")
        stranger, owner = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="192.0.2.1")
        for _ in range(12):
            stranger.post("/sign-in/", {"email": officer.email})
            stranger.post("/sign-in/office/", {"email": officer.email, "password": "guessed"})

        asked = owner.post("/sign-in/", {"email": officer.email})
        at_the_office = owner.post("/sign-in/office/", {"email": officer.email, "password": PASSWORD})

        assert (asked.status_code, at_the_office.status_code) == (302, 302)

    def test_a_code_on_its_way_outlives_the_request_of_a_stranger(self, client: Client) -> None:
        code = ask_for_code(client, "iva@zagreb.example")
        ask_for_code(Client(REMOTE_ADDR="203.0.113.9"), "iva@zagreb.example")

        client.post("/sign-in/code/", {"code": code})

        assert is_signed_in(client)

    @pytest.mark.parametrize(
        ("email", "status"),
        [
            pytest.param("iva@zagreb.example", 302, id="the address it was let in with"),
            pytest.param("other@zagreb.example", 429, id="somebody else's"),
        ],
    )
    def test_a_browser_that_was_let_in_before_has_a_count_of_its_own(self, email: str, status: int) -> None:
        known, stranger = Client(), Client()
        known.post("/sign-in/code/", {"code": ask_for_code(known, "iva@zagreb.example")})
        known.post("/sign-out/")
        for _ in range(11):
            stranger.post("/sign-in/", {"email": email})

        assert stranger.post("/sign-in/", {"email": email}).status_code == 429
        assert known.post("/sign-in/", {"email": email}).status_code == status

    def test_the_mark_of_a_browser_is_signed_and_names_no_address(self) -> None:
        known, forger = Client(), Client()
        known.post("/sign-in/code/", {"code": ask_for_code(known, "iva@zagreb.example")})
        mark = known.cookies[COOKIE].value
        forger.cookies[COOKIE] = mark.partition(".")[0] + ".mine:" + mark.partition(":")[2]

        answers = [forger.post("/sign-in/", {"email": "iva@zagreb.example"}).status_code for _ in range(11)]

        assert "iva" not in mark
        assert answers[-1] == 429

    def test_strangers_of_one_network_guess_few_codes_for_whatever_addresses(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sign_in, "WRONG_CODES", "2/3600")
        known, other, guesser = Client(), Client(REMOTE_ADDR="203.0.113.9"), Client()
        known.post("/sign-in/code/", {"code": ask_for_code(known, "iva@zagreb.example")})
        known.post("/sign-out/")
        codes = [ask_for_code(guesser, f"{name}@zagreb.example") for name in ("ana", "bo", "cy")]

        answers = [guesser.post("/sign-in/code/", {"code": code}).status_code for code in codes]

        assert (answers, is_signed_in(guesser)) == ([422, 422, 429], False)
        for client, address in ((known, "iva@zagreb.example"), (other, "cy@zagreb.example")):
            client.post("/sign-in/code/", {"code": ask_for_code(client, address)})
            assert is_signed_in(client)

    def test_the_right_code_is_no_guess(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sign_in, "WRONG_CODES", "1/3600")

        for name in ("ana", "bo"):
            client = Client()
            client.post("/sign-in/code/", {"code": ask_for_code(client, f"{name}@zagreb.example")})
            assert is_signed_in(client)

    def test_browsers_that_were_let_in_share_a_wider_count_of_the_address(self) -> None:
        browsers = [Client() for _ in range(11)]
        for browser in browsers:
            browser.post("/sign-in/code/", {"code": ask_for_code(browser, "iva@zagreb.example")})
            browser.post("/sign-out/")
            RateCount.objects.all().delete()

        asked = [browser.post("/sign-in/", {"email": "iva@zagreb.example"}) for browser in browsers * 10]

        assert [answer.status_code for answer in asked] == [302] * 100 + [429] * 10

    def test_the_code_page_without_a_code_asked_for_leads_back(self, client: Client) -> None:
        assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


class TestByPassword:
    def enter(self, client: Client, email: str, password: str = PASSWORD) -> str:
        answer = client.post("/sign-in/office/", {"email": email, "password": password})
        return answer.headers.get("Location", str(answer.status_code))

    def test_a_password_alone_opens_nothing_where_a_second_factor_is_required(
        self, client: Client, settings: pytest.MonkeyPatch
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        officer = make_officer(Role.FINANCE)

        assert self.enter(client, officer.email) == "/sign-in/second-factor/set/"
        assert not is_signed_in(client)

    def test_the_demo_opens_by_password(self, client: Client) -> None:
        officer = make_officer(Role.FINANCE)

        assert self.enter(client, officer.email) == "/office/"
        assert is_signed_in(client)

    @pytest.mark.parametrize("email", ["pol@office.example", "nobody@office.example"])
    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(self, client: Client, email: str) -> None:
        make_officer(Role.FINANCE, email="pol@office.example")

        answer = client.post("/sign-in/office/", {"email": email, "password": "wrong wrong wrong"})

        assert answer.status_code == 422
        assert b"Address and password do not belong together." in answer.content

    def test_the_app_is_set_up_with_its_first_code_and_recovery_codes_follow(
        self, client: Client, settings: pytest.MonkeyPatch
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        officer = make_officer(Role.FINANCE)
        self.enter(client, officer.email)
        client.get("/sign-in/second-factor/set/")
        secret = client.session["second_factor_secret"]

        answer = client.post("/sign-in/second-factor/set/", {"code": app_code(secret)})

        assert answer["Location"] == "/sign-in/second-factor/codes/"
        assert is_signed_in(client)
        assert COOKIE in client.cookies
        shown = client.get("/sign-in/second-factor/codes/").content.decode()
        assert len(re.findall(r"<strong[^>]*>\d{8}</strong>", shown)) == 10
        assert "<strong" not in client.get("/sign-in/second-factor/codes/").content.decode()

    def test_the_code_of_the_app_opens_the_session_once(
        self, client: Client, settings: pytest.MonkeyPatch, clock: time_machine.Traveller
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        officer, secret = make_officer(Role.FINANCE), new_secret()
        set_second_factor(user=officer, secret=secret, code=app_code(secret), actor=SYSTEM, now=NOW)
        clock.move_to(START + 30)
        self.enter(client, officer.email)

        client.post("/sign-in/second-factor/", {"code": app_code(secret, 1)})

        assert is_signed_in(client)
        other = Client()
        self.enter(other, officer.email)
        other.post("/sign-in/second-factor/", {"code": app_code(secret, 1)})
        assert not is_signed_in(other)

    def test_a_stranger_with_the_password_guesses_few_codes_a_day_and_keeps_no_known_browser_out(
        self, settings: Any, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        monkeypatch.setattr(second_factor, "CODES_A_DAY", "2/86400")
        officer, secret = make_officer(Role.FINANCE), new_secret()
        set_second_factor(user=officer, secret=secret, code=app_code(secret), actor=SYSTEM, now=NOW)
        known, stranger = Client(), Client()
        clock.move_to(START + 30)
        self.enter(known, officer.email)
        known.post("/sign-in/second-factor/", {"code": app_code(secret, 1)})
        known.post("/sign-out/")
        clock.move_to(START + 60)

        self.enter(stranger, officer.email)
        answers = [stranger.post("/sign-in/second-factor/", {"code": "nothing"}).status_code for _ in range(3)]
        self.enter(known, officer.email)
        known.post("/sign-in/second-factor/", {"code": app_code(secret, 2)})

        assert (answers, is_signed_in(known)) == ([422, 429, 429], True)

    def test_a_recovery_code_replaces_the_app_once(self, client: Client, settings: pytest.MonkeyPatch) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        officer, secret = make_officer(Role.FINANCE), new_secret()
        codes = set_second_factor(user=officer, secret=secret, code=app_code(secret), actor=SYSTEM, now=NOW)
        self.enter(client, officer.email)
        client.post("/sign-in/second-factor/", {"code": codes[0]})
        assert is_signed_in(client)

        other = Client()
        self.enter(other, officer.email)
        other.post("/sign-in/second-factor/", {"code": codes[0]})

        assert not is_signed_in(other)

    def test_a_second_app_is_not_set_up_by_a_password_alone(self, client: Client, settings: pytest.MonkeyPatch) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        officer, secret = make_officer(Role.FINANCE), new_secret()
        set_second_factor(user=officer, secret=secret, code=app_code(secret), actor=SYSTEM, now=NOW)
        self.enter(client, officer.email)

        assert client.get("/sign-in/second-factor/set/")["Location"] == "/sign-in/office/"

    @pytest.mark.parametrize("has_app", [True, False])
    def test_who_knew_the_password_before_the_account_was_let_in_anew_sets_up_nothing(
        self, client: Client, settings: pytest.MonkeyPatch, has_app: bool
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        officer, secret = make_officer(Role.FINANCE), new_secret()
        if has_app:
            set_second_factor(user=officer, secret=secret, code=app_code(secret), actor=SYSTEM, now=NOW)
        self.enter(client, officer.email)
        client.get("/sign-in/second-factor/set/")
        officer.refresh_from_db()
        let_in_anew(user=officer, reason="phone lost", actor=SYSTEM, now=NOW)

        answer = client.get("/sign-in/second-factor/set/")
        own = client.session.get("second_factor_secret") or secret
        client.post("/sign-in/second-factor/set/", {"code": app_code(own)})

        assert answer.headers.get("Location") == "/sign-in/office/"
        assert not is_signed_in(client)

    def test_sign_out_closes_the_session(self, client: Client) -> None:
        client.force_login(make_user())

        client.post("/sign-out/")

        assert not is_signed_in(client)


class TestInWhichLanguage:
    def test_the_language_of_the_public_page_goes_with_a_newcomer_into_account_and_mails(self, client: Client) -> None:
        edition = make_edition()
        page = client.get(f"/ca/{edition.slug}/apply/").content.decode()
        way_in = re.search(rf'href="(/my/start/{edition.slug}/[^"]*)"', page)
        assert way_in

        asked = client.get(html.unescape(way_in[1]), follow=True)
        code = ask_for_code(client, "nova@vila.example")
        client.post("/sign-in/code/", {"code": code})

        assert '<html lang="ca">' in asked.content.decode()
        assert User.objects.get().language == "ca"

    def test_an_account_is_spoken_to_in_its_own_language_on_any_device(self, client: Client) -> None:
        user = make_user("iva@zagreb.example")
        choose_language(user=user, language="fr")
        code = ask_for_code(client, user.email)

        client.post("/sign-in/code/", {"code": code})

        assert '<html lang="fr">' in client.get("/my/account/").content.decode()

    def test_an_unknown_language_is_not_asked_for(self, client: Client) -> None:
        answer = client.get("/sign-in/?in=xx")

        assert (answer.status_code, "django_language" in answer.cookies) == (200, False)


@pytest.mark.parametrize(
    "look_alike",
    ["aina@metropol\u0131s.example", "aina@metropol\u0130s.example"],
)
def test_the_code_for_a_look_alike_domain_opens_no_account_of_another(client: Client, look_alike: str) -> None:
    make_edition()
    owner = make_user("aina@metropolis.example")

    code = ask_for_code(client, look_alike)
    client.post("/sign-in/code/", {"code": code})

    assert client.session["_auth_user_id"] != str(owner.pk)
    assert User.objects.get(pk=client.session["_auth_user_id"]).email == address_of(look_alike)


@pytest.mark.parametrize("local", ["a\u0131na", "a\u0130na", "aina\u017f", "\u212aaina"])
def test_a_code_goes_to_no_address_with_other_letters_before_the_at(client: Client, local: str) -> None:
    answer = client.post("/sign-in/", {"email": f"{local}@metropolis.example"})

    assert (answer.status_code, OutgoingMail.objects.count()) == (422, 0)
    assert "Before the @ we can only take the letters a to z" in html.unescape(answer.content.decode())


def test_somebody_with_an_internationalised_domain_signs_in_by_each_spelling(client: Client) -> None:
    make_edition()
    client.post("/sign-in/code/", {"code": ask_for_code(client, "aina@bücher.example")})
    first = client.session["_auth_user_id"]

    client.post("/sign-in/code/", {"code": ask_for_code(client, "Aina@xn--BCHER-kva.example")})

    assert client.session["_auth_user_id"] == first
