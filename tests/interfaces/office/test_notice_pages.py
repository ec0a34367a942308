"""The cancellations of an edition, as the office judges them."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.entering import enter
from tests.factories.money import billed_place, statement_file, transfer
from tests.factories.notices import facts_of, hear, reply
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME, LAST_SECOND
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, Invoice
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.enrollment.states import NoticeState, PlaceState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.ui.wording import name_text
from chancery.interfaces.office.applications_shown import who
from chancery.journey import settle
from chancery.journey.correspond import receive_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


@world
def place() -> Place:
    return billed_place(make_edition())[0]


def url(name: str, notice: CancellationNotice) -> str:
    return reverse(name, args=[notice.place.edition.slug, notice.pk])


def decide(client: Client, notice: CancellationNotice, decision: str) -> int:
    return client.post(url("decide-notice", notice), {"decision": decision, "because": "seen"}).status_code


def test_a_valid_notice_shows_what_it_is_worth_and_takes_effect_by_one_button(place: Place) -> None:
    notice, finance = hear(place, facts_of(place), at=IN_TIME), enter(Role.FINANCE)

    listed = finance.get(reverse("list-notices", args=[place.edition.slug])).content.decode()
    page = finance.get(url("show-notice", notice)).content.decode()
    assert place.person.name in listed
    assert "Accept as cancellation" in page
    assert "I am sorry, I cannot come." in page
    assert page.count('class="plus"') == 4

    assert decide(finance, notice, "accept") == 302
    place.refresh_from_db()
    assert place.state == PlaceState.CANCELLED
    page = finance.get(url("show-notice", notice)).content.decode()
    assert Invoice.objects.get(corrects__isnull=False).number in page
    assert decide(finance, notice, "accept") == 409


def test_what_was_written_later_is_read_before_a_notice_is_decided(place: Place) -> None:
    first, finance = hear(place, facts_of(place), at=IN_TIME), enter(Role.FINANCE)
    alone = finance.get(url("show-notice", first)).content.decode()
    hear(place, "Please ignore my cancellation, I am coming!", at=IN_TIME + timedelta(hours=1))

    page = finance.get(url("show-notice", first)).content.decode()

    assert "Another message came later" not in alone
    assert page.index("Another message came later") < page.index("Accept as cancellation")
    assert "<bdi>Please ignore my cancellation, I am coming!</bdi>" in page
    decide(finance, first, "not-one")
    assert "Another message came later" not in finance.get(url("show-notice", first)).content.decode()


def test_a_fact_that_was_written_behind_a_label_is_given_no_second_one(place: Place) -> None:
    letter = f"I cancel. Call me on +233 30 266 5951.\r\n{facts_of(place, without='contact')}"
    page = enter(Role.FINANCE).get(url("show-notice", hear(place, letter, at=IN_TIME))).content.decode()

    assert f">Course: {place.edition.programme.name}<" in page
    assert ">contact information: +233 30 266 5951<" in page


def test_whose_place_it_is_is_chosen_by_a_name_that_every_officer_reads_and_by_the_city(place: Place) -> None:
    place.person.name, place.person.latin_name = "한하늬", "Han Hanui"
    place.person.save()

    page = enter(Role.FINANCE).get(reverse("list-notices", args=[place.edition.slug])).content.decode()

    shown = who(Place.objects.get().application)
    assert f"{place.application.reference} {shown}</option>" in page
    assert shown.startswith(name_text("한하늬", "Han Hanui"))


def test_money_that_waits_is_shown_and_accepting_all_the_same_is_a_second_act(place: Place, tmp_path: Path) -> None:
    bill, finance = Invoice.objects.get(), enter(Role.FINANCE)
    paid = transfer(bill.total_minor, text=bill.number, value_date=date(2024, 10, 11))
    settle.import_statement(statement_file(tmp_path, paid), actor=SYSTEM, now=IN_TIME)
    notice = hear(place, facts_of(place), at=IN_TIME)

    page = finance.get(url("show-notice", notice)).content.decode()
    assert "Money that waits for the bill" in page
    assert reverse("show-line", args=[BankEntry.objects.get().pk]) in page
    assert "Accept as cancellation" not in page
    assert page.count("btn-primary") == 1
    assert re.search(r'btn-primary" href="[^"]*">Book [^<]+ first', page)

    refused = finance.post(url("decide-notice", notice), {"decision": "accept"})  # as shown before the money came
    assert refused.status_code == 409
    assert "Book it first" in refused.content.decode()
    waiting = re.search(r'name="waiting" value="([^"]*)"', refused.content.decode())
    assert waiting

    again = finance.post(url("decide-notice", notice), {"decision": "accept", "waiting": waiting[1]})
    place.refresh_from_db()
    assert (again.status_code, place.state) == (302, PlaceState.CANCELLED)
    assert "Money that waits for the bill" not in finance.get(url("show-notice", notice)).content.decode()


def test_a_late_one_has_no_accept_button_and_says_so_when_asked_all_the_same(place: Place) -> None:
    late, finance = hear(place, facts_of(place), at=LAST_SECOND.replace(hour=22, minute=0)), enter(Role.ADMISSIONS)

    page = finance.get(url("show-notice", late)).content.decode()

    assert "Accept as cancellation" not in page
    assert "Record that the seat is given up" in page
    assert decide(finance, late, "accept") == 409
    assert decide(finance, late, "give-up") == 302
    place.refresh_from_db()
    assert place.state == PlaceState.GIVEN_UP


def test_what_stands_only_in_the_quoted_text_is_shown_as_missing(place: Place) -> None:
    notice = hear(place, f"I cannot come.\r\n\r\n> Course: {place.edition.programme.name}", at=IN_TIME)

    page = enter(Role.FINANCE).get(url("show-notice", notice)).content.decode()

    assert "only in the quoted text" in page
    assert "name and surname: missing" in page


def test_a_phone_call_is_kept_and_offers_nothing_to_accept(place: Place) -> None:
    finance = enter(Role.FINANCE)
    told = {"place": place.pk, "way": "phone", "note": "<b>cannot come</b>"}

    assert finance.post(reverse("note-other-way", args=[place.edition.slug]), told).status_code == 302

    notice = CancellationNotice.objects.get()
    page = finance.get(url("show-notice", notice)).content.decode()
    assert notice.state == NoticeState.WRONG_CHANNEL
    assert "Accept as cancellation" not in page
    assert "&lt;b&gt;cannot come" in page


def test_a_form_without_words_says_what_is_missing(place: Place) -> None:
    answer = enter(Role.FINANCE).post(reverse("note-other-way", args=[place.edition.slug]), {"place": place.pk})

    assert (answer.status_code, CancellationNotice.objects.count()) == (422, 0)


def test_the_raw_message_is_a_download_and_never_a_page(place: Place) -> None:
    notice = hear(place, facts_of(place), at=IN_TIME)

    answer = enter(Role.AUDITOR).get(url("download-notice", notice))

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"Received: from city.example" in answer.content


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ASSESSOR, Role.DELIVERY])
def test_who_may_not_decide_is_refused(place: Place, role: Role) -> None:
    notice = hear(place, facts_of(place), at=IN_TIME)

    assert decide(enter(role), notice, "accept") in {403, 404}

    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED


def test_a_refused_visa_ends_a_place_with_its_letter_and_not_without(place: Place) -> None:
    finance, path = enter(Role.FINANCE), reverse("end-place", args=[place.edition.slug])
    told = {"place": place.pk, "ground": "organiser", "note": ""}

    assert finance.post(path, {**told, "place": ""}).status_code == 422
    assert finance.post(path, told).status_code == 302

    place.refresh_from_db()
    assert place.state == PlaceState.ORGANISER_CANCELLED


def test_an_edition_is_called_off_only_by_its_typed_name(place: Place) -> None:
    lead, path = enter(Role.EDITION_LEAD), reverse("call-edition-off", args=[place.edition.slug])

    assert lead.post(path, {"reference": "yes", "note": "fire"}).status_code == 422
    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED
    assert lead.post(path, {"reference": place.edition.slug, "note": "fire"}).status_code == 302
    place.refresh_from_db()
    assert place.state == PlaceState.ORGANISER_CANCELLED
    assert enter(Role.FINANCE).post(path, {"reference": place.edition.slug, "note": "fire"}).status_code in {403, 404}


STANDINGS = [
    pytest.param(
        "mx.chancery.example; dmarc=pass header.from={domain}", "the sender's domain was confirmed", id="confirmed"
    ),
    pytest.param(
        "mx.chancery.example; dmarc=fail header.from={domain}",
        "the sender's domain was not confirmed",
        id="not confirmed",
    ),
    pytest.param(
        "mx.evil.example; dmarc=pass header.from={domain}",
        "our server did not say whether the sender",
        id="another server",
    ),
]


@pytest.mark.parametrize(("header", "words"), STANDINGS)
def test_a_notice_says_whether_our_server_confirmed_the_senders_domain_and_is_valid_all_the_same(
    place: Place, settings, header: str, words: str
) -> None:
    settings.AUTHSERV_ID = "mx.chancery.example"
    told = header.format(domain=place.person.email.rpartition("@")[2])
    raw = f"Authentication-Results: {told}\r\n".encode() + reply(place, facts_of(place), at=IN_TIME)
    notice = CancellationNotice.objects.get(mail=receive_mail(raw=raw, source="test", now=IN_TIME).mail)

    page = enter(Role.FINANCE).get(url("show-notice", notice)).content.decode()

    assert words in page
    assert notice.state == NoticeState.VALID


@pytest.mark.parametrize(("header", "words"), STANDINGS)
def test_a_reply_that_nobody_has_read_says_so_too(settings, header: str, words: str) -> None:
    settings.AUTHSERV_ID = "mx.chancery.example"
    told = header.format(domain="mumbai.example")
    raw = f"Authentication-Results: {told}\r\nFrom: asha@mumbai.example\r\n\r\nIs there a bus?\r\n".encode()
    receive_mail(raw=raw, source="test", now=IN_TIME)

    page = enter(Role.EDITION_LEAD).get(reverse("list-mail")).content.decode()

    assert words in page
