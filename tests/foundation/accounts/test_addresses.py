"""An address has one form; what only looks like it, or is taken for it by a database, is another's."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.accounts import NOW, make_user

from chancery.foundation.accounts.addresses import AddressField, NotAnAddress, address_of, is_same_address, written_as
from chancery.foundation.accounts.models import SignInCode, User
from chancery.foundation.accounts.services import account_for

OWNER = "aina.kiss@metropolis.example"
# Which upper or lower case, or a looser comparison, turns into ASCII letters.
LOOK_ALIKE = ["a\u0131na.kiss", "aina.ki\u017fs", "aina.\u212aiss", "a\u0130na.kiss"]
OTHER_DOMAINS = ["metropol\u0131s.example", "metropol\u0130s.example"]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (" Aina.Kiss@Metropolis.Example ", OWNER),
        ("aina@bücher.example", "aina@xn--bcher-kva.example"),
        ("aina@BÜCHER.example", "aina@xn--bcher-kva.example"),
        ("aina@XN--BCHER-KVA.example", "aina@xn--bcher-kva.example"),
        ("aina@उदाहरण.example", "aina@xn--p1b6ci4b4b3a.example"),
        ("aina@metropol\u0131s.example", "aina@xn--metropols-2pb.example"),
        # Two that every name server reads as the plain letter: the mail goes to the owner.
        ("aina@metropoli\u017f.example", "aina@metropolis.example"),
        ("aina@\u212aiss.example", "aina@kiss.example"),
    ],
)
def test_an_address_has_one_form(typed: str, known: str) -> None:
    assert address_of(typed) == known


@pytest.mark.parametrize("local", LOOK_ALIKE)
def test_other_letters_before_the_at_are_refused_with_words(local: str) -> None:
    with pytest.raises(ValidationError, match="Before the @ we can only take the letters a to z"):
        AddressField().clean(f"{local}@metropolis.example")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "aina",
        "aina@",
        "@city.example",
        "a@b\uff20city.example",
        "a@city\u3000x.example",
        "a@" + "x" * 64 + ".example",
    ],
)
def test_what_is_no_address_in_its_one_form_is_none(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        address_of(typed)


def test_an_address_longer_than_its_column_is_refused() -> None:
    with pytest.raises(NotAnAddress):
        address_of("a@" + ".".join(["bücher" * 8] * 5) + ".example")


@given(
    st.from_regex(
        r"[a-zA-Z.\u0131\u017f\u212a\u0130üß\u3042\uff20\u3002-]{1,12}@[a-zA-Z.\u0131\u017f\u212a\u0130üß\u3042\uff20\u3002-]{1,20}\.example",
        fullmatch=True,
    )
)
def test_the_one_form_is_ascii_and_stays_as_it_is(typed: str) -> None:
    try:
        known = address_of(typed)
    except NotAnAddress:
        return

    assert (known.isascii(), known.lower(), address_of(known)) == (True, known, known)


def test_two_spellings_of_one_mailbox_are_the_same_and_a_look_alike_is_not() -> None:
    assert is_same_address("Aina@BÜCHER.example", "aina@xn--bcher-kva.example")
    assert not is_same_address("aina@metropol\u0131s.example", "aina@metropolis.example")
    assert not is_same_address("\u212aai@city.example", "kai@city.example")


@pytest.mark.django_db
@pytest.mark.parametrize("domain", OTHER_DOMAINS)
def test_a_look_alike_domain_is_another_account(domain: str) -> None:
    owner = make_user(OWNER)

    other = account_for(email=f"aina.kiss@{domain}")

    assert other != owner
    assert account_for(email=OWNER.upper()) == owner
    assert User.objects.get_by_natural_key(OWNER.title()) == owner


@pytest.mark.django_db
@pytest.mark.parametrize("local", LOOK_ALIKE)
def test_nobody_is_found_by_other_letters_before_the_at(local: str) -> None:
    make_user(OWNER)

    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(f"{local}@metropolis.example")
    with pytest.raises(NotAnAddress):
        account_for(email=f"{local}@metropolis.example")


@pytest.mark.django_db
def test_what_was_written_to_an_address_is_found_in_any_case_and_of_no_look_alike() -> None:
    look_alikes = [*(f"{local}@metropolis.example" for local in LOOK_ALIKE), *(f"aina.kiss@{d}" for d in OTHER_DOMAINS)]
    written = [OWNER.title(), *look_alikes]
    own, *_ = [SignInCode.objects.create(email=email, sent_at=NOW, expires_at=NOW) for email in written]

    assert list(SignInCode.objects.filter(written_as("email", OWNER))) == [own]


@pytest.mark.django_db
def test_kept_addresses_change_their_case_and_nothing_else() -> None:
    written, strange = make_user("Aina@City.example"), make_user("Aina@metropol\u0131s.example")

    migration = import_module("chancery.foundation.accounts.migrations.0004_addresses_in_lower_case")
    migration.lower(apps, connection.schema_editor())

    written.refresh_from_db()
    strange.refresh_from_db()
    assert (written.email, strange.email) == ("aina@city.example", "Aina@metropol\u0131s.example")
