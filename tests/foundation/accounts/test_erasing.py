"""An account is closed for good, after a code that goes to its own address."""

from pathlib import Path

import pytest
from tests.factories.accounts import NOW, make_person, make_user
from tests.snapshots import assert_looks_like

from chancery.foundation.accounts.erasing import erase_account
from chancery.foundation.accounts.mails import erasure_code_mail
from chancery.foundation.accounts.models import Person, SavedView, SignInCode, User
from chancery.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_with_the_code_says_what_it_does(language: str) -> None:
    sent = SignInCode(pk=7, email="iva@zagreb.example", sent_at=NOW, expires_at=NOW)

    assert_looks_like(erasure_code_mail(sent, "012345", language), COPIES / f"erasure_code.{language}.txt")


def test_nothing_of_an_erased_account_signs_in_or_names_anybody() -> None:
    person = make_person("Iva Bura")
    user = person.user
    assert user
    SavedView.objects.create(owner=user, of="list-clocks", name="Mine", query="", saved_at=NOW)

    erase_account(user=user, actor=SYSTEM, now=NOW)

    kept, blank = User.objects.get(pk=user.pk), Person.objects.get(pk=person.pk)
    assert kept.email == f"erased-{user.pk}@erased.invalid"
    assert (kept.is_active, kept.has_usable_password()) == (False, False)
    assert (blank.name, blank.latin_name, blank.email, blank.erased_at) == ("", "", "", NOW)
    assert not SavedView.objects.exists()


def test_the_address_can_be_used_again_by_a_new_account() -> None:
    user = make_user("iva@zagreb.example")
    erase_account(user=user, actor=SYSTEM, now=NOW)

    again = make_user("iva@zagreb.example")

    assert again.pk != user.pk
