"""Keys of accounts: what is forgotten, what is encrypted, what the command gives."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from tests.factories.accounts import NOW, make_officer, make_user

from chancery.foundation.accounts import mails, second_factor
from chancery.foundation.accounts.callers import Caller
from chancery.foundation.accounts.mails import CARRY_A_KEY
from chancery.foundation.accounts.models import Invitation, SignInCode, User
from chancery.foundation.accounts.queries import roles_of
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.services import invite_to_office, person_for
from chancery.foundation.accounts.sign_in import forget_old_keys, send_sign_in_code
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.clock import machine_now
from chancery.foundation.mail.queries import list_mail
from chancery.foundation.tasks.models import RateCount
from chancery.foundation.tasks.rates import TooManyTries, client_address, count_try, forget_old_counts
from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=60)


def test_codes_links_and_counts_are_forgotten_when_nobody_can_use_them() -> None:
    send_sign_in_code(email="iva@zagreb.example", language="en", caller=Caller("192.0.2.1"), now=NOW, story_now=NOW)
    invite_to_office(email="nerea@office.example", role=Role.DELIVERY, actor=SYSTEM, now=NOW)

    forget_old_keys(now=NOW + timedelta(days=1))
    assert (SignInCode.objects.count(), Invitation.objects.count()) == (1, 1)
    forget_old_keys(now=LATER)
    forget_old_counts(now=LATER)

    assert (SignInCode.objects.count(), Invitation.objects.count(), RateCount.objects.count()) == (0, 0, 0)


def test_a_count_starts_anew_in_the_next_window_and_names_nobody() -> None:
    for _ in range(2):
        count_try(scope="test", subject="192.0.2.1", rate="2/60", now=NOW)
    with pytest.raises(TooManyTries):
        count_try(scope="test", subject="192.0.2.1", rate="2/60", now=NOW)
    count_try(scope="test", subject="192.0.2.2", rate="2/60", now=NOW)

    count_try(scope="test", subject="192.0.2.1", rate="2/60", now=NOW + timedelta(minutes=1))

    assert "192.0.2.1" not in str(list(RateCount.objects.values_list("key", flat=True)))


def test_the_secret_of_an_authenticator_is_not_readable_in_the_database() -> None:
    officer, secret = make_officer(Role.FINANCE), second_factor.new_secret()
    code = format_hotp_value(hotp_value(secret, int(machine_now().timestamp()) // 30))

    second_factor.set_second_factor(user=officer, secret=secret, code=code, actor=SYSTEM, now=NOW)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored


def test_a_second_invitation_ends_the_first_link_and_adds_the_role() -> None:
    first = invite_to_office(email="nerea@office.example", role=Role.DELIVERY, actor=SYSTEM, now=NOW)
    second = invite_to_office(email="Nerea@office.example", role=Role.ASSESSOR, actor=SYSTEM, now=NOW)

    assert first.user == second.user
    assert roles_of(second.user) == {Role.DELIVERY, Role.ASSESSOR}
    assert Invitation.objects.filter(used_at=None).count() == 1


def test_a_blocked_account_holds_no_role() -> None:
    officer = make_officer(Role.FINANCE)
    officer.is_active = False
    officer.save()

    assert roles_of(officer) == frozenset()


def test_a_person_is_made_once_for_an_account() -> None:
    user = make_user("iva@zagreb.example")

    assert person_for(user=user, now=NOW) == person_for(user=user, now=NOW)


def test_the_command_prints_a_link_that_works_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["office", "invite", "lead@office.example", "--role", "people-administrator"]) == 0

    assert re.fullmatch(r"http://\S+/sign-in/invitation/[\w-]+/\n", capsys.readouterr().out)
    assert roles_of(User.objects.get(email="lead@office.example")) == {Role.PEOPLE_ADMIN}


def test_the_command_refuses_what_is_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["office", "invite", "nobody", "--role", "finance"]) == 2
    assert not User.objects.exists()


def test_nobody_of_the_office_reads_a_code_or_an_invitation_in_the_outbox(settings: Any) -> None:
    send_sign_in_code(email="iva@zagreb.example", language="en", caller=Caller("192.0.2.1"), now=NOW, story_now=NOW)
    invite_to_office(email="nerea@office.example", role=Role.DELIVERY, actor=SYSTEM, now=NOW)

    assert list_mail().count() == 0
    settings.DEMO = True
    assert list_mail().count() == 2


@pytest.mark.parametrize(
    ("caller", "most"),
    [
        pytest.param(lambda _: Caller("192.0.2.1"), 30, id="from one network"),
        pytest.param(lambda _: Caller("192.0.2.1", browser="known"), 30, id="from a browser that is known"),
        pytest.param(lambda minutes: Caller(f"192.0.2.{minutes}"), 100, id="from everywhere"),
    ],
)
def test_an_address_gets_so_few_codes_a_day_that_guessing_leads_nowhere(
    caller: Callable[[int], Caller], most: int
) -> None:
    def ask(minutes: int) -> None:
        now = NOW + timedelta(minutes=minutes)
        send_sign_in_code(email="iva@zagreb.example", language="en", caller=caller(minutes), now=now, story_now=now)

    for minutes in range(most):
        ask(minutes)

    with pytest.raises(TooManyTries):
        ask(most)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:5555", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:5555", "192.0.2.7"),
        ("64:ff9b::192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("2001:db8:1:f::1", "2001:db8:1::/48"),
        ("[2001:db8:1:2::1]:5555", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("no: address", "no address"),
        ("[x", "no address"),
        ("", "no address"),
    ],
)
def test_a_caller_is_counted_by_the_network_that_is_theirs(rf: Any, address: str, counted: str) -> None:
    assert client_address(rf.get("/", REMOTE_ADDR=address)) == counted


def test_behind_a_proxy_the_last_address_that_it_names_counts(rf: Any, settings: Any) -> None:
    settings.BEHIND_PROXY = True

    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR="198.51.100.9, ::ffff:192.0.2.7")) == "192.0.2.7"


def test_each_mail_with_a_code_or_a_one_time_link_is_said_to_carry_a_key() -> None:
    """A code, and the end of a link that works once, stand in the words of no other mail."""
    folder = Path(mails.__file__).parent / "templates" / "mails"
    bodies = {body: body.read_text() for body in folder.glob("*/*/body.txt")}

    found = {
        body.parent.relative_to(folder).as_posix()
        for body, words in bodies.items()
        if re.search(r"{{ (code|expires_at)|=(code|expires_at)\b", words)
    }

    assert found == CARRY_A_KEY
