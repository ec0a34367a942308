"""Promises C1 to C4: leaving by a reply, from the letter to the line on which the money left."""

from dataclasses import replace

import pytest
from tests.factories.notices import facts_of, reply
from tests.stories.applying import EDITION
from tests.stories.earlier import admit, application_of, comes_in
from tests.stories.office_work import takes_in_a_statement, transfer

from chancery.domain.billing.models import Refund
from chancery.domain.enrollment.models import Place
from chancery.interfaces.office.applications_shown import who
from chancery.journey.correspond import receive_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NUMBER = "M2-2024-0001"
CITY = "accounts.zagreb@hrv.example"
IBAN = "FR1420041010050500013M02606"


def test_a_cancellation_in_time_brings_three_quarters_back(tell):
    iva = given_a_place(tell, paid=True)
    when_a_reply_arrives(tell, iva, "2024-10-18T23:59:59")
    then_it_is_with_the_office(tell, iva, "1,125.00")

    when_finance_accepts_it(tell, iva)
    then_the_place_has_ended_and_the_bill_is_credited(tell, iva)

    when_another_person_approves_and_the_file_is_made(tell)
    when_the_bank_shows_it_leaving(tell)
    then_everybody_knows_that_it_has_left(tell, iva)


def test_a_second_late_nothing_moves_and_the_page_says_what_is_possible(tell):
    iva = given_a_place(tell, paid=True)
    when_a_reply_arrives(tell, iva, "2024-10-19T00:00:00")

    reader = comes_in(tell, iva)
    reader.visits(f"/my/places/{iva.reference}/")
    reader.sees("Too late for a refund", "Place guaranteed")
    reader.looks()
    officer = opens_the_notice(tell, iva)
    officer.does_not_see("Accept as cancellation")
    officer.looks()


def test_a_missing_fact_is_asked_for_and_the_first_letter_counts(tell):
    iva = given_a_place(tell, paid=False)
    when_a_reply_arrives(tell, iva, "2024-10-18T20:00:00", without="day")
    assert tell.subjects_to(iva.who.email)[-1].startswith("Your cancellation lacks facts")
    reader = comes_in(tell, iva)
    reader.visits(f"/my/places/{iva.reference}/")
    reader.sees("Your cancellation lacks 1 fact")

    when_a_reply_arrives(tell, iva, "2024-10-20T08:00:00")

    officer = opens_the_notice(tell, iva)
    officer.sees("Fri 18 Oct 2024, 20:00", "Accept as cancellation")


@pytest.mark.parametrize("way", ["phone call", "message on the site"])
def test_another_way_changes_nothing_and_is_answered(tell, way):
    iva = given_a_place(tell, paid=False)
    tell.it_is("2024-10-14T10:00")
    officer = tell.officer("merce")
    officer.visits(f"/office/{EDITION}/cancellations/")
    officer.selects("Whose place", f"{iva.reference} {who(iva.application)}")
    officer.selects("How it reached you", way)
    officer.types("What was said", "I cannot come after all.")
    officer.clicks("Keep it and say how it is done")
    officer.looks()
    tell.the_worker_works()

    assert tell.subjects_to(iva.who.email)[-1].startswith("How to cancel your place")
    reader = comes_in(tell, iva)
    reader.visits(f"/my/places/{iva.reference}/")
    reader.sees("Not a cancellation yet", "Place reserved, not yet guaranteed")


def test_a_bill_is_credited_and_issued_anew_to_another_payer(tell):
    iva = given_a_place(tell, paid=True)
    tell.it_is("2024-10-16T10:00")
    officer = tell.officer("pol")
    officer.visits(f"/office/bills/{NUMBER}/reissue/")
    officer.looks()
    officer.types("Legal name", "Ministry of Regional Development")
    officer.clicks("Credit it and issue it anew")
    officer.sees("M2-2024-0002 is paid")
    officer.looks()
    officer.visits(f"/office/bills/{NUMBER}/")
    officer.sees(f"{NUMBER} is credited", "M2C-2024-0001")
    tell.the_worker_works()

    assert "paid already" in tell.subjects_to(CITY)[-1]
    reader = comes_in(tell, iva)
    reader.visits(f"/my/places/{iva.reference}/")
    reader.stands_before("Place guaranteed")


def given_a_place(tell, *, paid):
    iva = application_of(tell, "Iva Bura")
    admit(tell, iva)
    if paid:
        tell.it_is("2024-10-15T16:00")
        takes_in_a_statement(tell, replace(transfer(NUMBER, 150_000, "2024-10-14"), payer_iban=IBAN))
    return iva


def when_a_reply_arrives(tell, file, moment, *, without=""):
    now = tell.it_is(moment)
    place = place_of(file)
    receive_mail(raw=reply(place, facts_of(place, without=without), at=now), source="story", now=now)
    tell.the_worker_works()


def then_it_is_with_the_office(tell, file, refund):
    assert tell.subjects_to(file.who.email)[-1].startswith("Your cancellation has arrived")
    reader = comes_in(tell, file)
    reader.visits(f"/my/places/{file.reference}/")
    reader.sees("Your cancellation has arrived", "Place guaranteed")
    reader.looks()
    officer = opens_the_notice(tell, file)
    officer.sees(refund, "in time", "Sun 17 Nov 2024")
    officer.looks()


def when_finance_accepts_it(tell, file):
    tell.it_is("2024-10-21T09:00")
    officer = tell.officer("pol")
    officer.visits("/office/")
    officer.looks()
    officer.clicks(who(file.application))
    officer.clicks("Accept as cancellation")
    officer.sees("The place is cancelled.")
    tell.the_worker_works()


def then_the_place_has_ended_and_the_bill_is_credited(tell, file):
    assert "Credit note M2C-2024-0001: EUR 1,125.00" in tell.subjects_to(CITY)
    reader = comes_in(tell, file)
    reader.visits(f"/my/places/{file.reference}/")
    reader.stands_before("Cancelled")
    reader.sees("EUR 1,125.00", "A second person checks it")
    reader.looks()
    reader.clicks("The bill and its credit note")
    reader.sees("M2C-2024-0001", "Nothing is to be paid any more")
    reader.looks()


def when_another_person_approves_and_the_file_is_made(tell):
    second = tell.officer("joan")
    second.visits("/office/refunds/")
    second.clicks("Approve")
    officer = tell.officer("pol")
    officer.visits("/office/refunds/")
    officer.clicks("Make the file of 1 approved refund")
    officer.looks()


def when_the_bank_shows_it_leaving(tell):
    tell.it_is("2024-10-23T10:00")
    asked = Refund.objects.get().end_to_end_id
    left = replace(transfer(NUMBER, -112_500, "2024-10-22"), reference="", end_to_end_id=asked)
    takes_in_a_statement(tell, left, name="out.xml")


def then_everybody_knows_that_it_has_left(tell, file):
    for address in (CITY, file.who.email):
        assert tell.subjects_to(address)[-1] == "Refund of EUR 1,125.00 has left our bank"
    reader = comes_in(tell, file)
    reader.visits(f"/my/places/{file.reference}/")
    reader.sees("Refund of EUR 1,125.00 paid")
    reader.looks()


def opens_the_notice(tell, file):
    officer = tell.officer("pol")
    officer.visits(f"/office/{EDITION}/cancellations/")
    officer.looks()
    officer.clicks(file.who.name)
    return officer


def place_of(file):
    places = Place.objects.select_related("person", "edition__programme", "application", "thread")
    return places.get(application=file.application)
