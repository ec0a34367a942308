"""The payer's link works while something is open and a quarter longer; then a new one goes to the bill's address."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place, pay_bill
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import Invoice, Refund
from chancery.domain.billing.payer_link import LASTS, payer_token
from chancery.domain.enrollment.models import Place
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, user_actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.journey import cancel

pytestmark = pytest.mark.django_db
PAID_AT = datetime(2024, 10, 10, 8, 0, tzinfo=UTC)
EARLIER = PAID_AT - timedelta(days=100)
PAGES = ("pay-invoice", "pay-invoice-pdf", "pay-invoice-pack")


@world
def bill(folder: Path) -> tuple[Place, Invoice]:
    return billed_place(make_edition())


@pytest.fixture
def token(bill: tuple[Place, Invoice]) -> str:
    """A link that was mailed long before the money came."""
    with time_machine.travel(EARLIER, tick=False):
        return payer_token(bill[1].number)


def statuses(token: str, *, at: datetime) -> set[int]:
    with time_machine.travel(at, tick=False):
        return {Client().get(reverse(page, args=[token])).status_code for page in PAGES}


def nothing(_place: Place) -> None:
    """Leave the bill as it is."""


def leave(place: Place) -> None:
    """Give the place up in time: money is to go back."""
    notice = hear(place, facts_of(place), at=PAID_AT)
    cancel.accept_notice(notice_id=notice.pk, actor=user_actor(make_officer(Role.FINANCE).pk), now=PAID_AT)


@pytest.mark.parametrize(
    ("paid", "act", "after", "status"),
    [
        pytest.param(0, nothing, timedelta(days=400), 200, id="an open bill"),
        pytest.param(100_000, nothing, LASTS, 200, id="paid a quarter ago"),
        pytest.param(100_000, nothing, LASTS + timedelta(days=1), 410, id="paid longer ago"),
        pytest.param(100_000, leave, timedelta(days=400), 200, id="money that is to go back"),
    ],
)
def test_a_link_opens_the_bill_while_something_is_open_and_a_quarter_longer(
    bill: tuple[Place, Invoice],
    token: str,
    tmp_path: Path,
    *,
    paid: int,
    act: Callable[[Place], None],
    after: timedelta,
    status: int,
) -> None:
    place, invoice = bill
    if paid:
        pay_bill(tmp_path, SYSTEM, PAID_AT, invoice, paid)
    act(place)
    assert Refund.objects.exists() is (act is leave)

    assert statuses(token, at=PAID_AT + after) == {status}


def test_a_link_that_has_ended_brings_a_new_one_to_the_address_on_the_bill_once_a_day(
    bill: tuple[Place, Invoice], token: str, tmp_path: Path
) -> None:
    pay_bill(tmp_path, SYSTEM, PAID_AT, bill[1], 100_000)
    now = PAID_AT + timedelta(days=200)
    with time_machine.travel(now, tick=False):
        ended = Client().get(reverse("pay-invoice", args=[token])).content.decode()
        for _ in range(2):
            answer = Client().post(reverse("renew-payer-link", args=[token]), {"email": "mallory@elsewhere.example"})
        mail = OutgoingMail.objects.get(kind="billing/new_link").content
        new = mail.text.split("/pay/")[1].split("/")[0]

    assert "This link has ended" in ended
    assert bill[1].party.email not in ended
    assert answer["Location"] == reverse("pay-invoice", args=[token])
    assert mail.to == bill[1].party.email
    assert statuses(token, at=now + timedelta(hours=1)) == {410}
    assert statuses(new, at=now + LASTS) == {200}
    assert statuses(new, at=now + LASTS + timedelta(days=1)) == {410}


def test_no_mail_leaves_for_a_link_that_still_works(bill: tuple[Place, Invoice]) -> None:
    working = payer_token(bill[1].number)

    Client().post(reverse("renew-payer-link", args=[working]))

    assert not OutgoingMail.objects.filter(kind="billing/new_link").exists()


@pytest.mark.parametrize(("language", "words"), [("en", "is to be paid"), ("fr", "à payer")])
def test_the_payer_reads_whose_page_it_is_and_chooses_the_language(
    bill: tuple[Place, Invoice], token: str, language: str, words: str
) -> None:
    page = Client().get(f"{reverse('pay-invoice', args=[token])}?in={language}").content.decode()

    masthead = page.partition('<p class="bar-name">')[2].partition("</p>")[0]
    assert bill[0].edition.programme.name in masthead
    assert words in page
    assert page.count('hreflang="') == 3
