"""What a participant sees of the place, and a payer of the bill."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer, make_person
from tests.factories.money import (
    billed_group,
    billed_place,
    member_council,
    pay_bill,
    reserve,
    statement_file,
    transfer,
)
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition

from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.models import Invoice, ProofOfTransfer
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.enrollment.mails.places import place_reserved_mail
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.services.places import lapse_place
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.files.models import StoredFile
from chancery.foundation.mail.models import MailDelivery
from chancery.foundation.mail.services import mark_sent, queue_mail
from chancery.journey import bill, cancel, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 18, 8, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PAYER = {
    "kind": "public",
    "legal_name": "Accra Metropolitan Assembly",
    "address": "High Street 1",
    "country": "GHA",
    "email": "bills@accra.example",
    "language": "en",
    "form_token": "once",
}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def visit(place: Place) -> Client:
    client = Client()
    assert place.person.user is not None
    client.force_login(place.person.user)
    return client


def text_of(name: str, place: Place) -> str:
    response = visit(place).get(reverse(name, args=[place.application.reference]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_first_words_say_whether_the_place_is_sure(tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    before = text_of("see-place", place)
    assert "Place reserved, not yet guaranteed</h1>" in before
    assert "Accra Metropolitan Assembly pays" in before

    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    settle.import_statement(path, actor=SYSTEM, now=NOW)

    assert "Place guaranteed</h1>" in text_of("see-place", place)


def test_somebody_elses_place_is_not_there() -> None:
    place, _ = billed_place(make_edition())
    stranger = Client()
    stranger.force_login(make_person("A Stranger").user)  # type: ignore[arg-type]  # has an account

    names = ["see-place", "see-fee", "name-payer", "see-invoice", "download-invoice", "see-cancelling", "list-hotels"]
    answers = {stranger.get(reverse(name, args=[place.application.reference])).status_code for name in names}

    assert answers == {404}


@pytest.mark.parametrize(
    ("after", "is_over"),
    [
        pytest.param(timedelta(milliseconds=500), False, id="the last second is in time to its end"),
        pytest.param(timedelta(seconds=1), True, id="at midnight it is over"),
    ],
)
def test_the_pages_say_that_money_comes_back_until_midnight(after: timedelta, is_over: bool) -> None:
    place, _ = billed_place(make_edition())
    queue_mail(place_reserved_mail(place, now=NOW), now=NOW)

    with time_machine.travel(place.refundable_until + after, tick=False):
        way, leaving = text_of("see-place", place), text_of("see-cancelling", place)

    assert ("refund deadline passed" in way) is is_over
    assert ("After it nothing comes back." in leaving) is is_over


def test_the_fee_is_explained_line_by_line() -> None:
    place, _ = billed_place(make_edition())

    text = text_of("see-fee", place)

    assert "Member rate" in text
    assert "contribution for 2023 paid on Tue 14 Mar 2023" in text
    assert "Looked at, not applied:" in text


def test_a_waived_fee_says_that_no_bill_will_come() -> None:
    place = reserve(make_edition(), authority=member_council("Conakry", "GIN", "Guinea", "L"))
    bill.bill_places(places=[place], actor=SYSTEM, now=NOW)

    assert "low-income economy in FY23" in text_of("see-fee", place)
    assert "No bill will come" in text_of("see-invoice", place)
    assert "Place guaranteed</h1>" in text_of("see-place", place)


def test_naming_who_pays_writes_the_bill_once() -> None:
    place = reserve(make_edition(), payer=False)
    client, page = visit(place), reverse("name-payer", args=[place.application.reference])

    incomplete = client.post(page, {**PAYER, "legal_name": "", "form_token": "first"})
    assert incomplete.status_code == 422
    client.post(page, PAYER)
    again = client.post(page, PAYER, follow=True)

    assert Invoice.objects.count() == 1
    assert again.status_code == 200
    assert Invoice.objects.get().number in again.content.decode()


@pytest.mark.parametrize("pasted", ["\x01", "\x0b", "\x1b", "\x85"])
def test_a_control_character_in_the_payers_words_is_a_blank_on_the_bill(pasted: str) -> None:
    place = reserve(make_edition(), payer=False)
    words = {"legal_name": f"Accra{pasted}Assembly", "address": f"High{pasted}Street", "purchase_order": f"P{pasted}7"}

    visit(place).post(reverse("name-payer", args=[place.application.reference]), {**PAYER, **words})

    invoice = Invoice.objects.get()
    said = (invoice.party.legal_name, invoice.party.address, invoice.party.purchase_order)
    assert said == ("Accra Assembly", "High Street", "P 7")
    assert "Accra Assembly" in bill_as_xml(invoice, Syntax.CII).decode()


@pytest.mark.parametrize(
    ("name", "signs"), [("မောင်", "မ ေ ာ င ်"), ("ሐና ነፋስ", "ሐ ና ነ ፋ ስ"), ("བསྟན་འཛིན", "བ ས ྟ ན ་ འ ཛ ི")]
)
def test_a_payer_that_no_font_can_print_is_told_which_signs_and_what_to_do(name: str, signs: str) -> None:
    place = reserve(make_edition(), payer=False)

    answer = visit(place).post(reverse("name-payer", args=[place.application.reference]), {**PAYER, "legal_name": name})

    told = f"Our papers cannot print these signs: {signs}. Write name and address in Latin letters, please."
    assert (answer.status_code, told in answer.content.decode(), Invoice.objects.count()) == (409, True, 0)


def test_no_number_is_taken_by_a_bill_that_no_data_can_hold() -> None:
    place = reserve(make_edition(), payer=False)
    page = reverse("name-payer", args=[place.application.reference])

    answer = visit(place).post(page, {**PAYER, "email": '"\x01"@accra.example'})

    assert (answer.status_code, Invoice.objects.count()) == (409, 0)
    assert "Some signs cannot be printed on the bill." in answer.content.decode()


def test_a_payer_typed_after_the_session_ended_is_taken_when_it_is_sent_again() -> None:
    place = reserve(make_edition(), payer=False)
    page = reverse("name-payer", args=[place.application.reference])

    stopped = Client().post(page, PAYER)
    visit(place).post(page, PAYER)

    assert stopped["Location"] == f"/sign-in/?next={page}"
    assert Invoice.objects.count() == 1


def test_the_bill_shows_every_value_a_transfer_needs() -> None:
    place, invoice = billed_place(make_edition())

    text = text_of("see-invoice", place)

    reference = " ".join(invoice.creditor_reference[at : at + 4] for at in range(0, 99, 4)).strip()
    for value in (reference, "ES75 9999 0001 4120 2411 1800", "EUR\xa01,000.00", "data:image/svg+xml"):
        assert value in text


def test_an_uploaded_proof_is_kept_and_is_not_payment() -> None:
    place, _ = billed_place(make_edition())
    client, page = visit(place), reverse("see-invoice", args=[place.application.reference])

    refused = client.post(page, {"proof": SimpleUploadedFile("x.exe", b"MZ")})
    client.post(page, {"proof": SimpleUploadedFile("proof.pdf", PDF)})

    assert refused.status_code == 422
    assert ProofOfTransfer.objects.count() == 1
    assert "it is not payment yet" in text_of("see-place", place)
    assert "Place reserved" in text_of("see-place", place)


def test_ten_proofs_of_a_person_are_kept_of_a_bill_and_no_more(settings: Any) -> None:
    place, _ = billed_place(make_edition())
    client, page = visit(place), reverse("see-invoice", args=[place.application.reference])

    answers = [client.post(page, {"proof": SimpleUploadedFile("proof.pdf", PDF)}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [422]
    assert "You have sent ten proofs of this bill already." in answers[-1].content.decode()
    assert ProofOfTransfer.objects.count() == StoredFile.objects.count() == 10
    assert len([file for file in (settings.FILES_ROOT).rglob("*") if file.is_file()]) == 10


def test_the_reservation_mail_is_sent_again_five_times_a_day_and_keeps_when_it_left_first() -> None:
    place, _ = billed_place(make_edition())
    mail = queue_mail(place_reserved_mail(place, now=NOW), now=NOW)
    client, page = visit(place), reverse("resend-reservation", args=[place.application.reference])

    for days in range(7):
        mark_sent(mail, now=NOW + timedelta(days=days))
        answer = client.post(page, follow=True)

    assert "was sent again several times today" in answer.content.decode()
    assert AuditEvent.objects.filter(name=Event.MAIL_RESENT).count() == 5
    assert MailDelivery.objects.get(mail=mail).sent_at == NOW


def test_the_way_to_cancel_is_shown_and_the_mail_is_sent_again() -> None:
    place, _ = billed_place(make_edition())
    mail = queue_mail(place_reserved_mail(place, now=NOW), now=NOW)
    MailDelivery.objects.filter(mail=mail).update(state="sent", sent_at=NOW)

    text = text_of("see-cancelling", place)
    assert "Fri 18 Oct 2024, 23:59:59" in text
    assert place.person.email in text
    visit(place).post(reverse("resend-reservation", args=[place.application.reference]))

    assert MailDelivery.objects.get(mail=mail).state == "queued"


def test_hotels_are_listed_with_their_band() -> None:
    place, _ = billed_place(make_edition())

    assert "Hotels by price" in text_of("list-hotels", place)
    page = reverse("list-hotels", args=[place.application.reference])
    words = visit(place).get(page, headers={"accept-language": "es"}).content.decode()
    bands = re.findall(r'data-label="Franja de precio">([^<]+)<', words)
    assert set(bands) == {"baja", "media", "alta"}


def test_the_payers_link_opens_one_bill_without_an_account() -> None:
    _, invoice = billed_place(make_edition())
    token = payer_token(invoice.number)

    page = Client().get(reverse("pay-invoice", args=[token]))
    paper = Client().get(reverse("pay-invoice-pdf", args=[token]))

    assert invoice.number in page.content.decode()
    assert paper.content.startswith(b"%PDF")
    assert Client().get(reverse("pay-invoice", args=[token + "x"])).status_code == 404


def test_what_has_arrived_and_what_is_to_pay_add_up_after_a_place_of_the_bill_was_cancelled(tmp_path: Path) -> None:
    places, invoice = billed_group(make_edition(), member_council())
    pay_bill(tmp_path, SYSTEM, NOW, invoice, 90_000)
    notice = hear(places[0], facts_of(places[0]), at=NOW - timedelta(days=1))
    cancel.accept_notice(notice_id=notice.pk, actor=user_actor(make_officer(Role.FINANCE).pk), now=NOW)

    page = Client().get(reverse("pay-invoice", args=[payer_token(invoice.number)])).content.decode()

    assert "To pay: EUR\xa0450.00" in page
    assert "EUR\xa0562.50 of EUR\xa01,012.50 has arrived" in page


def test_an_accounts_department_gets_everything_in_one_download() -> None:
    place, invoice = billed_place(make_edition())
    address = reverse("pay-invoice-pack", args=[payer_token(invoice.number)])

    first, again = (Client().get(address) for _ in range(2))
    participants = visit(place).get(reverse("download-payer-pack", args=[place.application.reference]))

    with ZipFile(BytesIO(first.content)) as pack:
        contents = {name: pack.read(name) for name in pack.namelist()}
    number = invoice.number
    sheets = {f"{number}.pdf", f"{number}-supplier-and-payment.pdf"}
    assert set(contents) == sheets | {f"{number}-cii.xml", f"{number}-ubl.xml"}
    assert all(contents[name].startswith(b"%PDF") for name in sheets)
    assert all(number.encode() in contents[name] for name in set(contents) - sheets)
    assert first.content == again.content == participants.content
    assert "/pack/" in Client().get(reverse("pay-invoice", args=[payer_token(number)])).content.decode()


def test_nobody_is_asked_to_pay_for_a_place_that_has_ended() -> None:
    place, invoice = billed_place(make_edition())
    asked = Client().get(reverse("pay-invoice", args=[payer_token(invoice.number)])).content.decode()
    assert "Scan to pay" in asked
    lapse_place(place_id=place.pk, reason="overdue", actor=SYSTEM, now=NOW)

    payer = Client().get(reverse("pay-invoice", args=[payer_token(invoice.number)])).content.decode()

    for page in (payer, text_of("see-invoice", place)):
        assert "is no longer to be paid" in page
        assert not [word for word in ("Scan to pay", "IBAN", "not yet guaranteed", "Send the proof") if word in page]
