"""What no honest browser sends breaks nothing, on either database."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from tests.factories.accounts import make_officer, make_user
from tests.factories.programme import make_edition

from chancery.config import requests
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role

TAKE_IN = "/office/bank/take-in/"

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
    ("address", "account", "status"),
    [
        ("/sign-in/", None, 413),
        (TAKE_IN, None, 413),
        (TAKE_IN, make_user, 413),
        (TAKE_IN, partial(make_officer, Role.AUDITOR), 413),
        ("/my/account/", partial(make_officer, Role.FINANCE), 413),
        (TAKE_IN, partial(make_officer, Role.FINANCE), 422),
    ],
    ids=["a stranger", "a stranger there", "an applicant", "an auditor", "finance elsewhere", "finance"],
)
def test_a_large_body_is_read_only_where_finance_hands_in_statements(
    address: str, account: Callable[[], User] | None, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "LARGEST_BODY", 1000)
    client = Client()
    if account:
        client.force_login(account())

    assert client.post(address, {"much": "x" * 2000}).status_code == status


def test_a_statement_has_a_largest_size_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "LARGEST_STATEMENT", 1000)
    client = Client()
    client.force_login(make_officer(Role.FINANCE))

    assert client.post(TAKE_IN, {"much": "x" * 2000}).status_code == 413


@pytest.mark.parametrize(("provider", "size", "status"), [("postmark", 1, 403), ("postmark", 11, 413), ("", 1, 413)])
def test_a_posted_mail_may_be_as_large_as_the_settings_say(
    provider: str, size: int, status: int, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "LARGEST_BODY", 1000)
    settings.INBOUND_MAIL, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = provider, 10_000  # type: ignore[attr-defined]
    settings.ANYMAIL = {"WEBHOOK_SECRET": "postmark:a-long-password-of-ours"}  # type: ignore[attr-defined]

    answer = Client().post("/api/inbound-mail/", "x" * (size * 1000 + 500), content_type="application/json")

    assert answer.status_code == status
