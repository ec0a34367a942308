"""Promise B4: two colleagues who register together pay ten percent less each."""

import pytest
from tests.stories.earlier import admit, comes_in, draft_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_a_coordinator_opens_a_group_and_both_are_billed_at_the_group_price(tell):
    andres, code = given_a_coordinator_who_opened_a_group(tell)
    valentina = given_a_colleague_who_joined(tell, code)

    admit(tell, andres, valentina)

    for file in (andres, valentina):
        then_the_bill_says_nine_hundred(tell, file)


def given_a_coordinator_who_opened_a_group(tell):
    file = draft_of(tell, "Andrés Terral")
    reader = comes_in(tell, file)
    reader.visits(f"/my/applications/{file.reference}/payer/")
    reader.clicks("Open a group for colleagues")
    code = reader.page.get_by_label("Group code").input_value()
    reader.sees(f"You are in the group {code}: 1 application so far.")
    reader.looks()
    send(reader, file)
    return file, code


def given_a_colleague_who_joined(tell, code):
    file = draft_of(tell, "Valentina Alisio")
    reader = comes_in(tell, file)
    reader.visits(f"/my/applications/{file.reference}/payer/")
    reader.types("Group code", code)
    reader.clicks("Continue")
    send(reader, file)
    return file


def send(reader, file):
    reader.visits(f"/my/applications/{file.reference}/check/")
    reader.chooses("What I wrote is true, and I accept these terms.")
    reader.clicks("Send my application")


def then_the_bill_says_nine_hundred(tell, file):
    reader = comes_in(tell, file)
    reader.visits(f"/my/places/{file.reference}/fee/")
    reader.sees("Member rate", "1,000.00", "\u2212100.00", "EUR 900.00")
    reader.looks()
    assert "EUR 900.00" in tell.subjects_to(file.who.email)[-1]
