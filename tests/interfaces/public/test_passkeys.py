"""Passkeys of an office account: added, shown after the password, removed."""

import html
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as configured
from django.test import Client
from tests.factories.accounts import NOW, PASSWORD, make_officer
from tests.factories.passkeys import PRESENT, SoftPasskey

from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.passkeys import (
    LastSecondFactor,
    PasskeyRefused,
    TooManyPasskeys,
    add_passkey,
    ask_to_add,
    ask_to_show,
    check_passkey,
    passkeys_of,
    remove_passkey,
)
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.second_factor import has_second_factor, new_secret, set_second_factor
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.clock import machine_now
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.tasks.rates import TooManyTries

pytestmark = pytest.mark.django_db


def soft() -> SoftPasskey:
    return SoftPasskey(configured.SITE_URL, configured.SITE_HOST)


def keep(user: User, passkey: SoftPasskey, name: str = "Laptop") -> Authenticator:
    asked = ask_to_add(user)
    answer = passkey.makes(asked.options)
    return add_passkey(user=user, name=name, answer=answer, state=asked.state, actor=SYSTEM, now=NOW)


def show(user: User, passkey: SoftPasskey) -> None:
    asked = ask_to_show(user)
    assert asked
    check_passkey(user=user, answer=passkey.signs(asked.options), state=asked.state, now=NOW)


def trail() -> list[str]:
    names = AuditEvent.objects.filter(name__startswith="accounts.passkey").order_by("pk").values_list("name", flat=True)
    return [name.rpartition(".")[2] for name in names]


def told() -> int:
    return OutgoingMail.objects.filter(kind="accounts/second-factor").count()


@pytest.fixture
def officer() -> User:
    return make_officer(Role.FINANCE)


class TestTheRule:
    def test_a_passkey_is_a_second_factor_and_its_use_is_kept(self, officer: User) -> None:
        passkey = soft()
        keep(officer, passkey)
        show(officer, passkey)

        kept = passkeys_of(officer).get()
        assert has_second_factor(officer)
        assert (kept.last_used_at, kept.data["counter"]) == (NOW, 1)
        assert (trail(), told()) == (["added"], 1)

    @pytest.mark.parametrize(
        ("what", "value"),
        [("origin", "https://copied.example"), ("host", "copied.example"), ("flags", PRESENT)],
        ids=["wrong origin", "wrong host", "nobody verified"],
    )
    def test_what_does_not_fit_is_neither_kept_nor_accepted(self, officer: User, what: str, value: object) -> None:
        passkey = soft()
        keep(officer, passkey)
        other = soft()
        setattr(passkey, what, value)
        setattr(other, what, value)

        with pytest.raises(PasskeyRefused):
            show(officer, passkey)
        with pytest.raises(PasskeyRefused):
            keep(officer, other)
        assert passkeys_of(officer).count() == 1

    @pytest.mark.parametrize(
        "answer",
        ["", "[]", "{}", "null", pytest.param("[" * 200_000, id="deep"), '{"rawId": "AA", "response": {}}'],
    )
    def test_an_answer_that_is_none_is_refused(self, officer: User, answer: str) -> None:
        keep(officer, soft())
        to_show, to_add = ask_to_show(officer), ask_to_add(officer)
        assert to_show

        with pytest.raises(PasskeyRefused):
            check_passkey(user=officer, answer=answer, state=to_show.state, now=NOW)
        with pytest.raises(PasskeyRefused):
            add_passkey(user=officer, name="x", answer=answer, state=to_add.state, actor=SYSTEM, now=NOW)

    @pytest.mark.parametrize("counts", [True, False])
    def test_an_answer_works_once(self, officer: User, counts: bool) -> None:
        passkey = soft()
        keep(officer, passkey)
        passkey.counter = 0 if counts else -1
        asked = ask_to_show(officer)
        assert asked
        answer = passkey.signs(asked.options)
        check_passkey(user=officer, answer=answer, state=asked.state, now=NOW)

        with pytest.raises(PasskeyRefused):
            check_passkey(user=officer, answer=answer, state=asked.state, now=NOW)
        assert trail() == ["added"]

    def test_the_answer_to_another_question_is_refused(self, officer: User) -> None:
        passkey = soft()
        keep(officer, passkey)
        first, second = ask_to_show(officer), ask_to_show(officer)
        assert first
        assert second

        with pytest.raises(PasskeyRefused):
            check_passkey(user=officer, answer=passkey.signs(first.options), state=second.state, now=NOW)

    def test_the_passkey_of_another_account_opens_nothing(self, officer: User) -> None:
        passkey, other = soft(), make_officer(Role.AUDITOR)
        keep(officer, passkey)
        keep(other, soft())

        with pytest.raises(PasskeyRefused):
            show(other, passkey)
        with pytest.raises(PasskeyRefused):
            keep(other, passkey)

    def test_a_counter_that_goes_back_is_refused_and_told(self, officer: User) -> None:
        passkey = soft()
        keep(officer, passkey)
        passkey.counter = 9
        show(officer, passkey)
        passkey.counter = 4

        with pytest.raises(PasskeyRefused):
            show(officer, passkey)
        assert passkeys_of(officer).get().data["counter"] == 10
        assert (trail(), told()) == (["added", "refused"], 2)

    def test_tries_are_counted_with_those_of_codes(self, officer: User, settings: pytest.MonkeyPatch) -> None:
        settings.SIGN_IN_RATE = "1/300"
        passkey = soft()
        keep(officer, passkey)
        show(officer, passkey)

        with pytest.raises(TooManyTries):
            show(officer, passkey)

    def test_the_last_second_factor_stays_where_one_is_required(
        self, officer: User, settings: pytest.MonkeyPatch
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        first = keep(officer, soft())
        with pytest.raises(LastSecondFactor):
            remove_passkey(user=officer, passkey=first.pk, actor=SYSTEM, now=NOW)
        keep(officer, soft())

        remove_passkey(user=officer, passkey=first.pk, actor=SYSTEM, now=NOW)

        assert (passkeys_of(officer).count(), trail()) == (1, ["added", "added", "removed"])

    def test_an_account_keeps_no_more_than_can_be_told_apart(
        self, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("chancery.foundation.accounts.passkeys.MOST", 1)
        keep(officer, soft())

        with pytest.raises(TooManyPasskeys):
            keep(officer, soft())


class TestThePages:
    @pytest.fixture
    def owner(self, client: Client, officer: User, settings: pytest.MonkeyPatch) -> Client:
        """Somebody who signed in with password and app."""
        settings.SECOND_FACTOR_REQUIRED = True
        secret, step = new_secret(), int(machine_now().timestamp()) // 30
        code = format_hotp_value(hotp_value(secret, step))
        set_second_factor(user=officer, secret=secret, code=code, actor=SYSTEM, now=NOW)
        client.post("/sign-in/office/", {"email": officer.email, "password": PASSWORD})
        client.post("/sign-in/second-factor/", {"code": format_hotp_value(hotp_value(secret, step + 1))})
        return client

    def question(self, client: Client, address: str) -> str:
        found = re.search(r'data-passkey-options="([^"]*)"', client.get(address).content.decode())
        assert found
        return html.unescape(found[1])

    def adds(self, client: Client, passkey: SoftPasskey) -> str:
        answer = passkey.makes(self.question(client, "/sign-in/passkeys/"))
        client.post("/sign-in/passkeys/", {"present": PASSWORD, "name": "Green key", "answer": answer})
        return answer

    def test_it_is_added_then_opens_the_session_then_is_removed(self, owner: Client, officer: User) -> None:
        passkey = soft()
        self.adds(owner, passkey)
        assert b"Green key" in owner.get("/sign-in/passkeys/").content
        assert b"/sign-in/passkeys/" in owner.get("/my/account/").content
        visitor = Client()
        visitor.post("/sign-in/office/", {"email": officer.email, "password": PASSWORD})

        answer = passkey.signs(self.question(visitor, "/sign-in/second-factor/"))
        entered = visitor.post("/sign-in/second-factor/", {"answer": answer})

        assert entered["Location"] == "/office/"
        address = f"/sign-in/passkeys/{passkeys_of(officer).get().pk}/remove/"
        assert b"Green key" in visitor.get(address).content
        assert visitor.post(address)["Location"] == "/sign-in/passkeys/"
        assert not passkeys_of(officer).exists()

    def test_a_wrong_answer_is_said_on_the_page(self, owner: Client, officer: User) -> None:
        self.adds(owner, soft())
        visitor = Client()
        visitor.post("/sign-in/office/", {"email": officer.email, "password": PASSWORD})
        answer = soft().signs(self.question(visitor, "/sign-in/second-factor/"))

        refused = visitor.post("/sign-in/second-factor/", {"answer": answer})

        assert refused.status_code == 422
        assert b"This passkey was not accepted" in refused.content
        assert "_auth_user_id" not in visitor.session

    def test_the_same_passkey_is_not_added_twice(self, owner: Client, officer: User) -> None:
        again = self.adds(owner, soft())

        refused = owner.post("/sign-in/passkeys/", {"present": PASSWORD, "name": "Twice", "answer": again})

        assert (refused.status_code, passkeys_of(officer).count()) == (422, 1)

    def test_an_open_session_alone_adds_none(self, owner: Client, officer: User) -> None:
        answer = soft().makes(self.question(owner, "/sign-in/passkeys/"))

        refused = owner.post("/sign-in/passkeys/", {"present": "guessed", "name": "Thief", "answer": answer})

        assert (refused.status_code, passkeys_of(officer).exists()) == (422, False)
        assert b"This is not your present password." in refused.content

    def test_there_is_no_such_page_without_a_second_factor_shown(self, client: Client, officer: User) -> None:
        client.force_login(officer)

        assert client.get("/sign-in/passkeys/").status_code == 404

    def test_the_passkey_of_another_account_is_not_there(self, owner: Client) -> None:
        other = keep(make_officer(Role.AUDITOR), soft())

        assert owner.post(f"/sign-in/passkeys/{other.pk}/remove/").status_code == 404
        assert Authenticator.objects.filter(pk=other.pk).exists()
