"""What no honest browser sends breaks nothing, on either database."""

import pytest
from django.test import Client
from tests.factories.accounts import make_officer
from tests.factories.programme import make_edition

from chancery.config import requests
from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/office/bills/a%00b/", "/office/mail/?state=%00", "/pay/%00/"])
def test_a_null_character_in_an_address_is_refused_before_anything_is_looked_up(address: str) -> None:
    client = Client()
    client.force_login(make_officer(Role.EDITION_LEAD))

    assert client.get(address).status_code == 400


def test_a_null_character_in_a_form_token_is_dropped() -> None:
    make_edition()
    client = Client()
    client.force_login(make_officer(Role.EDITION_LEAD))

    answer = client.post("/office/mail/1/again/", {"form_token": "a\x00b"})

    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["/office/", "/office/mail/", "/my/", "/my/account/", "/pay/no-token/"])
def test_a_page_made_for_one_person_is_kept_by_nobody(address: str) -> None:
    make_edition()
    client = Client()
    client.force_login(make_officer(Role.EDITION_LEAD))

    assert client.get(address)["Cache-Control"] == "private, no-store"


def test_a_public_page_may_be_kept() -> None:
    edition = make_edition()
    client = Client()
    client.force_login(make_officer(Role.EDITION_LEAD))

    assert "Cache-Control" not in client.get(f"/en/{edition.slug}/").headers


@pytest.mark.parametrize(
    ("address", "signed_in", "status"),
    [
        ("/sign-in/", False, 413),
        ("/office/bank/take-in/", False, 413),
        ("/my/account/", True, 413),
        ("/office/bank/take-in/", True, 422),
    ],
)
def test_a_large_body_is_read_only_where_the_office_hands_in_statements(
    address: str, signed_in: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "LARGEST_BODY", 1000)
    client = Client()
    if signed_in:
        client.force_login(make_officer(Role.EDITION_LEAD))

    assert client.post(address, {"much": "x" * 2000}).status_code == status
