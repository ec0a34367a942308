"""What would our city pay, and why."""

from datetime import date

import pytest
from tests.factories.network import classify, make_city_council, make_country, make_member
from tests.factories.programme import make_edition
from tests.interfaces.public.test_programme_pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]

FEES = "/en/metropolis-2024/fees/"


@pytest.fixture(autouse=True)
def edition():
    return make_edition(slug="metropolis-2024")


def make_council(city: str, iso3: str, country: str, income_class: str, **membership):
    home = make_country(iso3, country)
    if income_class:
        classify(home, income_class)
    council = make_city_council(city, country=home)
    if membership.pop("member", True):
        make_member(council.city, **membership)
    return council


def answer(client, question: str) -> str:
    return text_of(client, f"{FEES}?{question}")


def test_a_paid_up_member_gets_the_member_rate_with_the_day_of_its_payment(client):
    make_council("Accra", "GHA", "Ghana", "LM")
    shown = answer(client, "city=Accra&people=1")

    assert "Member rate Accra is a member; contribution for 2023 paid on Tue 14 Mar 2023 1,000.00" in shown
    assert "To pay EUR 1,000.00" in shown
    assert "The amounts are examples." in shown


def test_a_group_sees_the_price_of_one_and_of_all(client):
    make_council("Accra", "GHA", "Ghana", "LM")
    shown = answer(client, "city=Accra&people=2")

    assert "2 people together, \u221210 % \u2212100.00 To pay EUR 900.00" in shown
    assert "For 2 people: EUR 1,800.00" in shown


def test_a_member_from_a_low_income_economy_pays_nothing_and_the_fiscal_year_is_named(client):
    make_council("Conakry", "GIN", "Guinea", "L", paid_years=())
    shown = answer(client, "city=Conakry&people=1")

    assert "Guinea was a low-income economy in FY23" in shown
    assert "To pay EUR 0.00" in shown
    assert "No invoice will come" in shown


def test_dues_that_are_not_on_file_show_both_outcomes(client):
    make_council("Lyon", "FRA", "France", "H", paid_years=())
    shown = answer(client, "city=Lyon&people=1")

    assert "If the contribution for 2023 is paid EUR 1,000.00 If it is not EUR 1,500.00" in shown


def test_an_economy_without_a_class_is_left_to_a_person(client):
    make_council("Caracas", "VEN", "Venezuela", "")
    shown = answer(client, "city=Caracas&people=1")

    assert "a person decides the fee" in shown
    assert "within 3 working days" in shown
    assert "At the least EUR 0.00 At the most EUR 1,000.00" in shown


def test_a_city_that_is_no_member_pays_the_standard_rate(client):
    make_council("Hanoi", "VNM", "Viet Nam", "LM", member=False)
    shown = answer(client, "city=Hanoi&people=1")

    assert "Standard rate Hanoi City Council is not a member 1,500.00" in shown


def test_what_did_not_apply_is_a_list_and_names_the_income_class_in_words(client):
    make_council("Accra", "GHA", "Ghana", "LM")
    page = client.get(f"{FEES}?city=Accra&people=1").content.decode()

    why = "the economy was not in the low-income class that year, lower middle income, FY23"
    assert f"<li>Fee waived: member from a low-income economy ({why})</li>" in page


@pytest.mark.parametrize("written", ["medellin", "MEDELLÍN", "Medellín City Council, Colombia", "  medellin  "])
def test_accents_and_capitals_do_not_matter(client, written):
    make_council("Medellín", "COL", "Colombia", "UM")

    assert "Medellín City Council: fee for one person" in answer(client, f"city={written}&people=1")


def test_an_unknown_city_is_asked_for_its_country(client):
    assert 'We do not know "Atlantis" Choose your country' in answer(client, "city=Atlantis&people=1")


def test_an_unknown_city_with_its_country_is_quoted_as_no_member(client):
    classify(make_country("PER", "Peru"), "UM")
    shown = answer(client, "city=Callao&country=PER&people=1")

    assert "To pay EUR 1,500.00" in shown
    assert 'We do not know "Callao", so this is the fee of a city that is not a member.' in shown


def test_a_name_that_fits_several_offers_the_choice(client):
    make_council("Victoria", "SYC", "Seychelles", "H")
    make_council("Vitoria", "BRA", "Brazil", "UM")
    make_council("Victoriaville", "CAN", "Canada", "H")
    shown = answer(client, "city=city council&people=1")

    assert "Which one do you mean? Victoria City Council, Seychelles Victoriaville City Council, Canada" in shown


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("city=&people=1", "Write a city, or choose a country."),
        ("city=Accra&people=0", "Ensure this value is greater than or equal to 1."),
        ("city=Accra&people=many", "Enter a whole number."),
        ("city=Accra&country=XXX&people=1", "Select a valid choice."),
    ],
    ids=["nobody", "no people", "no number", "no country"],
)
def test_a_question_that_cannot_be_answered_says_what_is_missing(client, question, problem):
    page = client.get(f"{FEES}?{question}")

    assert page.status_code == 422
    assert problem in page.content.decode()
    assert "<title>Error:" in page.content.decode()


def test_with_htmx_only_the_answer_comes(client):
    make_council("Accra", "GHA", "Ghana", "LM")
    part = client.get(f"{FEES}?city=Accra&people=1", headers={"HX-Request": "true"}).content.decode()

    assert "EUR\u00a01,000.00" in part
    assert "<html" not in part


def test_a_member_that_joined_later_is_left_to_a_person(client):
    make_council("Vila Nova", "BRA", "Brazil", "UM", paid_years=(), joined_on=date(2024, 3, 1))

    assert "The city owed no contribution for the reference year" in answer(client, "city=Vila Nova&people=1")
