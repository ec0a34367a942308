"""Mail that a provider posts: genuine or refused, raw and once, with the same effect as from the mailbox."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from tests.factories.money import billed_place
from tests.factories.notices import facts_of, reply
from tests.factories.programme import make_edition
from tests.journey.test_correspond import answer_of_a_draft

from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.states import NoticeState
from chancery.foundation.files.storage import read_bytes
from chancery.foundation.mail.models import IncomingMail

pytestmark = pytest.mark.django_db
SECRET = "postmark:a-long-password-of-ours"
KEY = "key-of-the-account"
ADDRESS = "/api/inbound-mail/"
SIGNED_AT = datetime(2024, 10, 14, 9, 30, tzinfo=UTC)


def basic(secret: str = SECRET) -> str:
    return f"Basic {base64.b64encode(secret.encode()).decode()}"


@pytest.fixture(params=["postmark", "mailgun"])
def provider(request: pytest.FixtureRequest, settings: Any, tmp_path: Any) -> str:
    settings.FILES_ROOT = tmp_path / "files"
    settings.INBOUND_MAIL = request.param
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    return str(request.param)


def post(provider: str, raw: bytes, *, secret: str = SECRET, key: str = KEY, **more: Any) -> Any:
    if provider == "postmark":
        data = {"From": "a@b.example", "RawEmail": raw.decode(), "Headers": [], **more}
        return Client(headers={"authorization": basic(secret)}).post(
            ADDRESS, json.dumps(data), content_type="application/json"
        )
    stamp, token = str(int(SIGNED_AT.timestamp())), "token-1"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    fields = {"body-mime": raw.decode(), "timestamp": stamp, "token": token, "signature": signature, **more}
    return Client(headers={"authorization": basic(secret)}).post(f"{ADDRESS}mime", fields)


def test_a_reply_that_is_posted_is_judged_as_one_from_the_mailbox(provider: str) -> None:
    place, _ = billed_place(make_edition())
    raw = reply(place, facts_of(place), at=SIGNED_AT)

    first, again = post(provider, raw), post(provider, raw)

    mail = IncomingMail.objects.get()
    assert (first.status_code, again.status_code) == (200, 200)
    assert read_bytes(mail.raw) == raw
    notice = CancellationNotice.objects.get()
    assert (notice.place, notice.mail) == (place, mail)
    assert notice.state in {NoticeState.VALID, NoticeState.LATE}


def test_an_answer_to_the_end_of_a_draft_is_kept(provider: str) -> None:
    assert (post(provider, answer_of_a_draft()).status_code, IncomingMail.objects.count()) == (200, 1)


def test_the_instant_that_mailgun_signs_counts_as_the_reception(provider: str) -> None:
    place, _ = billed_place(make_edition())

    post(provider, reply(place, facts_of(place), at=SIGNED_AT))

    mail = IncomingMail.objects.get()
    if provider == "mailgun":
        assert (mail.received_at, mail.received_source) == (SIGNED_AT, "webhook")
    else:
        assert mail.received_source in {"stamp", "webhook"}


@pytest.mark.parametrize("wrong", [{"secret": "postmark:guess"}, {"secret": ""}])
def test_without_the_password_nothing_is_taken_in(provider: str, wrong: dict[str, str]) -> None:
    place, _ = billed_place(make_edition())

    answer = post(provider, reply(place, facts_of(place), at=SIGNED_AT), **wrong)

    assert (answer.status_code, IncomingMail.objects.count()) == (403, 0)


def test_a_wrong_signature_of_mailgun_takes_nothing_in(provider: str) -> None:
    place, _ = billed_place(make_edition())
    if provider == "mailgun":
        assert post(provider, reply(place, facts_of(place), at=SIGNED_AT), key="another").status_code == 403
        assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("text", [b"", b"  \n"])
def test_a_post_without_a_raw_message_says_what_to_set(provider: str, text: bytes) -> None:
    answer = post(provider, text)

    assert (answer.status_code, b"Include raw email content" in answer.content) == (422, True)


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "null", '{"RawEmail": 7}', '{"RecordType": "Bounce"}', "\x00", '{"RawEmail": "S: \\ud800"}'],
)
def test_what_is_no_message_of_postmark_is_refused_cleanly(settings: Any, body: str) -> None:
    settings.INBOUND_MAIL, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}

    answer = Client(headers={"authorization": basic()}).post(ADDRESS, body, content_type="application/json")

    assert (answer.status_code, IncomingMail.objects.count()) == (422, 0)


def test_nobody_posts_where_no_provider_is_set(settings: Any) -> None:
    settings.INBOUND_MAIL = ""

    assert Client().post(ADDRESS).status_code == 404


def test_the_provider_may_look_whether_the_address_answers(provider: str) -> None:
    assert Client().head(ADDRESS).status_code == 200
