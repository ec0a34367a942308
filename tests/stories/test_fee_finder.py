"""Promises B3 and B5: the fee finder says what a city would pay, and why."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ANSWERS = {
    "Accra": ("EUR 1,000.00", "Accra is a member; contribution for 2023 paid"),
    "Conakry": ("EUR 0.00", "FY23"),
    "Caracas": ("An officer looks at it", "within 3 working days"),
}


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without any script"])
@pytest.mark.parametrize("city", ANSWERS)
def test_a_visitor_learns_what_the_city_would_pay_and_why(tell, city, script):
    tell.it_is("2024-10-07T10:00")
    visitor = tell.somebody(script=script)
    visitor.visits("/en/metropolis-2024/")

    visitor.types("Your city or authority", city)
    visitor.types("People", "1")
    visitor.clicks("Work it out")

    visitor.page.get_by_text(ANSWERS[city][0]).first.wait_for()
    visitor.sees(*ANSWERS[city])
    assert not visitor.faults() if script else True
