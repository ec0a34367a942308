"""The owner of an office account is told of each change to its second factor."""

from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from tests.factories.accounts import NOW, make_officer
from tests.snapshots import assert_looks_like

from chancery.foundation.accounts.mails import key_changed_mail, let_in_anew_mail
from chancery.foundation.accounts.models import Invitation, User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.second_factor import (
    SecondFactorRefused,
    new_secret,
    renew_recovery_codes,
    set_second_factor,
)
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.clock import machine_now
from chancery.foundation.mail.models import MailContent, OutgoingMail

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"
KIND = "accounts/second-factor"
CHANGES = [
    Event.PASSWORD_SET,
    Event.SECOND_FACTOR_SET,
    Event.RECOVERY_CODES_RENEWED,
    Event.PASSKEY_ADDED,
    Event.PASSKEY_REMOVED,
    Event.PASSKEY_REFUSED,
]


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_mail_says_what_changed_and_what_to_do(change: Event, language: str) -> None:
    owner = User(pk=7, email="nerea@office.example", language=language)
    name = f"{change.replace('.', '_')}.{language}.txt"

    assert_looks_like(key_changed_mail(owner, AuditEvent(pk=9, name=change, at=NOW)), COPIES / name)


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_the_mail_to_begin_anew_has_its_link_and_says_what_is_gone(language: str) -> None:
    owner = User(pk=7, email="nerea@office.example", language=language)

    mail = let_in_anew_mail(Invitation(pk=9, user=owner, expires_at=NOW), "secret-of-the-link")

    assert_looks_like(mail, COPIES / f"let_in_anew.{language}.txt")


def test_an_app_and_new_codes_are_each_told_once_without_any_secret() -> None:
    officer, secret = make_officer(Role.FINANCE), new_secret()
    code = format_hotp_value(hotp_value(secret, int(machine_now().timestamp()) // 30))

    first = set_second_factor(user=officer, secret=secret, code=code, actor=SYSTEM, now=NOW)
    second = renew_recovery_codes(user=officer, actor=SYSTEM, now=NOW)

    told = [content.text for content in MailContent.objects.filter(mail__kind=KIND).order_by("id")]
    assert ["renewed" in text for text in told] == [False, True]
    assert not [word for word in (secret, *first, *second) if any(word in text for text in told)]


def test_a_refused_app_tells_nobody() -> None:
    with pytest.raises(SecondFactorRefused):
        set_second_factor(user=make_officer(Role.FINANCE), secret=new_secret(), code="wrong", actor=SYSTEM, now=NOW)

    assert not OutgoingMail.objects.filter(kind=KIND).exists()
