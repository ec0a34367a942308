"""Promise B1, from the first visit to a guaranteed place."""

import pytest
from tests.stories.applying import Applicant, fills_in_everything, sends, starts
from tests.stories.office_work import is_admitted, takes_in_a_statement, transfer

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

IVA = Applicant("Iva Bura", "iva@zagreb.example", "Zagreb, Croatia", "Zagreb", "Croatia")
NUMBER = "M2-2024-0001"


def test_a_visitor_becomes_a_participant_with_a_guaranteed_place(tell):
    iva, reference = given_an_application_that_was_sent(tell)
    then_the_receipt_is_in_the_mailbox(tell, reference)

    when_the_office_reads_talks_and_admits(tell, reference)
    then_the_place_is_reserved_but_not_sure(tell, iva, reference)

    when_the_money_arrives(tell)
    then_the_place_is_guaranteed(tell, iva, reference)


def given_an_application_that_was_sent(tell):
    tell.it_is("2024-10-07T10:00")
    iva = starts(tell, IVA)
    fills_in_everything(iva, IVA)
    reference = sends(iva)
    tell.the_worker_works()
    return iva, reference


def then_the_receipt_is_in_the_mailbox(tell, reference):
    assert tell.subjects_to(IVA.email) == [f"We have your application {reference}"]
    assert [name for name, _, _ in tell.mails_to(IVA.email)[-1].attachments] == [f"{reference}.pdf"]


def when_the_office_reads_talks_and_admits(tell, reference):
    tell.it_is("2024-10-09T10:00")
    is_admitted(tell, reference)


def then_the_place_is_reserved_but_not_sure(tell, iva, reference):
    assert tell.subjects_to(IVA.email)[1:] == [
        f"Your place is reserved: {reference}",
        f"Invoice {NUMBER}: EUR 1,500.00 by Saturday 2 November 2024",
    ]
    iva.visits("/my/")
    iva.stands_before("Place reserved, not yet guaranteed")
    iva.sees("EUR 1,500.00")
    iva.looks()
    iva.clicks("The bill and how to pay")
    iva.looks()


def when_the_money_arrives(tell):
    tell.it_is("2024-10-15T16:00")
    officer = takes_in_a_statement(tell, transfer(NUMBER, 150_000, "2024-10-14"))
    officer.sees("Booked without a person")
    officer.looks()


def then_the_place_is_guaranteed(tell, iva, reference):
    assert tell.subjects_to(IVA.email)[-1] == "Your place is guaranteed"
    iva.visits(f"/my/places/{reference}/")
    iva.stands_before("Place guaranteed")
    iva.looks()
