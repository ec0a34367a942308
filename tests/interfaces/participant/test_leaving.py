"""What a participant reads on the page of the place while leaving it."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place, pay_bill
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME, LAST_SECOND
from tests.journey.test_exits import PERSON
from tests.worlds import world

from chancery.domain.billing.models import Allocation, BankEntry, Invoice, Refund
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import NoticeGround, NoticeWay, PlaceState
from chancery.domain.programme.models import Terms
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.mail.models import MailContent
from chancery.foundation.mail.services import queue_mail
from chancery.journey import cancel, notice, reconcile, repay
from chancery.journey.reissue import reissue_bill

pytestmark = pytest.mark.django_db


@world
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
    note = bill.split("pdf/?note=")[1].split('"')[0]
    paper = reverse("pay-invoice-pdf", args=[payer_token(done.credit_note.corrects.number)])
    assert (note, Client().get(f"{paper}?note={note}").status_code) == (done.credit_note.number, 200)
    assert Client().get(f"{paper}?note=R-1").status_code == 404
    assert Client().get(reverse("pay-invoice", args=[payer_token(done.credit_note.number)])).status_code == 404


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


def paid(place: Place, folder: Path, officer: Actor, minor: int, *, number: int = 1) -> BankEntry:
    """Let money for the bill of a place come in, and book it where it does not book itself."""
    invoice = Invoice.objects.get(lines__quote__application=place.application)
    pay_bill(folder, officer, IN_TIME, invoice, minor, number=number)
    return BankEntry.objects.latest("id")


def test_where_the_terms_give_nothing_back_page_and_mail_say_what_was_paid(
    place: Place, officer: Actor, tmp_path: Path
) -> None:
    nothing = place.application.terms.rule | {"visa_refusal_rate": "0.00"}
    place.application.terms = Terms.objects.create(edition=place.edition, version=9, rule=nothing, frozen_at=IN_TIME)
    place.application.save()
    paid(place, tmp_path, officer, 100_000)

    cancel.leave_by_right(
        place_id=place.pk, ground=NoticeGround.VISA_REFUSED, note="letter", actor=officer, now=IN_TIME
    )

    assert "paid by then, nothing goes back by the terms" in page_of(place)
    texts = MailContent.objects.filter(mail__kind="enrollment/place_ended").values_list("text", flat=True)
    assert ["had been paid by then. By the terms, nothing of it goes back." in text for text in texts] == [True]


def test_a_refund_that_was_not_approved_says_so(place: Place, officer: Actor, tmp_path: Path) -> None:
    paid(place, tmp_path, officer, 100_000)
    heard = hear(place, facts_of(place), at=IN_TIME)
    cancel.accept_notice(notice_id=heard.pk, actor=officer, now=IN_TIME)
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)

    refund = Refund.objects.get()
    repay.decide_refund(refund_id=refund.pk, approved=False, seen=refund.fingerprint, actor=second, now=IN_TIME)

    assert "It was not approved as it stood." in page_of(place)


def test_what_was_written_off_has_not_arrived(place: Place, officer: Actor, tmp_path: Path) -> None:
    paid(place, tmp_path, officer, 50_000)
    first = Allocation.objects.get()
    paid(place, tmp_path, officer, 49_500, number=2)
    second = Allocation.objects.latest("id")
    reconcile.write_off(allocation_id=second.pk, reason="charges", actor=officer, now=IN_TIME)

    reconcile.take_back(allocation_id=first.pk, reason="another bill", actor=officer, now=IN_TIME)

    assert "EUR\N{NO-BREAK SPACE}495.00 has arrived; EUR\N{NO-BREAK SPACE}500.00 is still missing" in page_of(place)
