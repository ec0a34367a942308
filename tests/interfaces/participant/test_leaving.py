"""What a participant reads on the page of the place while leaving it."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME, LAST_SECOND
from tests.journey.test_exits import PERSON

from chancery.domain.billing.models import Invoice
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import NoticeWay, PlaceState
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.mail.services import queue_mail
from chancery.journey import cancel, notice
from chancery.journey.reissue import reissue_bill

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return billed_place(make_edition())[0]


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


def page_of(place: Place, name: str = "see-place") -> str:
    client = Client()
    client.force_login(place.person.user)
    return client.get(reverse(name, args=[place.application.reference])).content.decode()


def test_nobody_who_said_nothing_reads_of_leaving(place: Place) -> None:
    assert "cancellation" not in page_of(place)


def test_a_complete_notice_is_with_us(place: Place) -> None:
    hear(place, facts_of(place), at=IN_TIME)

    page = page_of(place)

    assert "Your cancellation has arrived" in page
    assert "Mon 14 Oct 2024" in page


def test_an_incomplete_one_says_how_many_facts_it_lacks(place: Place) -> None:
    hear(place, facts_of(place, without="day"), at=IN_TIME)

    assert "Your cancellation lacks 1 fact" in page_of(place)


def test_a_late_one_leaves_the_place_and_says_what_is_possible(place: Place) -> None:
    hear(place, facts_of(place), at=LAST_SECOND.replace(hour=23))

    assert "Too late for a refund" in page_of(place)


def test_another_way_is_no_cancellation(place: Place, officer: Actor) -> None:
    notice.note_other_way(
        place_id=place.pk, way=NoticeWay.PHONE, note="call", received_at=IN_TIME, actor=officer, now=IN_TIME
    )

    assert "Not a cancellation yet" in page_of(place)
    assert "Not a cancellation yet" in page_of(place, "see-cancelling")


def test_a_cancelled_place_leads_to_its_credit_note(place: Place, officer: Actor) -> None:
    heard = hear(place, facts_of(place), at=IN_TIME)
    done = cancel.accept_notice(notice_id=heard.pk, actor=officer, now=IN_TIME)

    page = page_of(place)
    assert "Nothing is to be paid any more" in page
    assert done.credit_note is not None
    href = page.split('href="/pay/')[1].split('"')[0]
    bill = Client().get(f"/pay/{href}").content.decode()
    assert done.credit_note.number in bill
    assert "is credited" in bill
    assert "accounts department" not in bill
    assert Client().get(reverse("pay-invoice-pack", args=[payer_token(done.credit_note.number)])).status_code == 404


def test_the_page_on_cancelling_says_what_would_come_back_now(place: Place, settings) -> None:
    settings.DEMO = True
    queue_mail(place_reserved_mail(place, now=IN_TIME), now=IN_TIME)

    with clock.travel(IN_TIME):
        assert "We have received nothing for this place yet" in page_of(place, "see-cancelling")


def test_only_a_private_payer_sees_and_uses_the_right_of_withdrawal(place: Place, officer: Actor, settings) -> None:
    settings.DEMO = True
    queue_mail(place_reserved_mail(place, now=IN_TIME), now=IN_TIME)
    path = reverse("withdraw-from-place", args=[place.application.reference])
    client = Client()
    client.force_login(place.person.user)
    with clock.travel(IN_TIME):
        assert client.get(path).status_code == 302
        bill = Invoice.objects.get()
        reissue_bill(invoice_id=bill.pk, payer=PERSON, actor=officer, now=IN_TIME)
        assert path in page_of(place, "see-cancelling")
        assert "This cannot be taken back" in client.get(path).content.decode()
        assert client.post(path).status_code == 302
        assert client.post(path)["Location"].endswith("/cancel/")

    place.refresh_from_db()
    assert place.state == PlaceState.CANCELLED
    assert "Cancelled" in page_of(place)
