"""Promise B3: a member of low income in the reference year pays nothing, gets no bill, and is sure at once."""

import pytest
from tests.stories.earlier import admit, application_of, comes_in

from chancery.domain.billing.models import Invoice

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_conakry_is_guaranteed_without_a_bill(tell):
    mariama = application_of(tell, "Mariama Simoun")

    admit(tell, mariama)

    then_the_place_is_sure_and_nothing_is_billed(tell, mariama)


def then_the_place_is_sure_and_nothing_is_billed(tell, mariama):
    assert not Invoice.objects.exists()
    assert tell.subjects_to(mariama.who.email)[-2:] == [
        f"Your place is reserved: {mariama.reference}",
        "Nothing to pay: your place is guaranteed",
    ]
    reader = comes_in(tell, mariama)
    reader.stands_before("Place guaranteed")
    reader.looks()
    reader.clicks("Why this fee?")
    reader.sees("FY23", "EUR 0.00")
    reader.looks()
    reader.visits(f"/my/places/{mariama.reference}/invoice/")
    reader.stands_before("There is nothing to pay")
