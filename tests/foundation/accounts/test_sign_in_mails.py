"""The mails with which somebody comes in: the code, and the invitation to the office."""

from pathlib import Path

import pytest
from tests.factories.accounts import NOW
from tests.snapshots import assert_looks_like

from chancery.foundation.accounts.mails import invitation_mail, sign_in_code_mail
from chancery.foundation.accounts.models import Invitation, SignInCode, User
from chancery.foundation.accounts.roles import Role

COPIES = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_the_code_stands_alone_and_says_who_may_have_it(language: str) -> None:
    sent = SignInCode(pk=7, email="iva@zagreb.example", sent_at=NOW, expires_at=NOW)

    assert_looks_like(sign_in_code_mail(sent, "012345", language), COPIES / f"sign_in_code.{language}.txt")


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_an_invitation_names_the_role_in_its_language_and_until_when_its_link_opens(language: str) -> None:
    invited = Invitation(pk=9, user=User(pk=7, email="nerea@office.example", language=language), expires_at=NOW)

    mail = invitation_mail(invited, "secret-of-the-link", Role.EDITION_LEAD)

    assert_looks_like(mail, COPIES / f"invitation.{language}.txt")
