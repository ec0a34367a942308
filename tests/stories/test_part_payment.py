"""Promise B2: nothing less than the full sum makes a place sure, and a proof of transfer is not payment."""

import pytest
from tests.stories.earlier import admit, application_of, comes_in
from tests.stories.office_work import takes_in_a_statement, transfer

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NUMBER = "M2-2024-0001"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_part_of_the_money_does_not_guarantee_a_place_and_the_rest_does(tell):
    iva = given_a_place_to_be_paid(tell)

    when_money_arrives_and_is_booked_by_hand(tell, 100_000)
    then_the_rest_is_missing(tell, iva)

    when_money_arrives_and_is_booked_by_hand(tell, 50_000)
    then_the_place_is_sure(tell, iva)


def test_a_proof_of_transfer_is_seen_and_is_not_payment(tell):
    iva = given_a_place_to_be_paid(tell)
    reader = comes_in(tell, iva)

    reader.visits(f"/my/places/{iva.reference}/invoice/")
    reader.attaches("Proof of transfer", "proof.pdf", PDF, "application/pdf")
    reader.clicks("Send the proof")

    reader.sees("seen, not payment yet")
    reader.visits(f"/my/places/{iva.reference}/")
    reader.stands_before("Place reserved, not yet guaranteed")


def given_a_place_to_be_paid(tell):
    iva = application_of(tell, "Iva Bura")
    admit(tell, iva)
    return iva


def when_money_arrives_and_is_booked_by_hand(tell, cents):
    tell.it_is("2024-10-15T16:00")
    money = transfer(NUMBER, cents, "2024-10-14")
    officer = takes_in_a_statement(tell, money, name=f"statement-{cents}.xml")
    if officer.page.get_by_role("link", name="Work through 1 line").count():
        officer.clicks("Work through 1 line")
        officer.looks()
        officer.clicks(f"Book EUR {cents // 100:,}.00 to {NUMBER}")
        officer.looks()
    tell.the_worker_works()


def then_the_rest_is_missing(tell, iva):
    assert tell.subjects_to(iva.who.accounts_email)[-1] == f"EUR 500.00 is missing for {NUMBER}"
    reader = comes_in(tell, iva)
    reader.stands_before("Place reserved, not yet guaranteed")
    reader.sees("EUR 500.00")
    reader.looks()


def then_the_place_is_sure(tell, iva):
    assert tell.subjects_to(iva.who.email)[-1] == "Your place is guaranteed"
    comes_in(tell, iva).stands_before("Place guaranteed")
