"""What lists of countries offer."""

import pytest
from tests.factories.money import ADMITTED_AT, reserve
from tests.factories.network import make_city_council, make_country
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import PayerDetails
from chancery.domain.admissions.queries.lookup import find_listed_authority, list_authority_labels
from chancery.domain.billing.models import Invoice
from chancery.domain.enrollment.models import Place
from chancery.domain.network.queries import NetworkFacts, list_country_names
from chancery.domain.network.services.reference import load_countries
from chancery.foundation.audit.actors import SYSTEM
from chancery.journey.bill import bill_places

pytestmark = pytest.mark.django_db


def test_a_list_is_in_the_language_of_the_page_and_in_its_order() -> None:
    for iso3, name in (("ZAF", "South Africa"), ("DEU", "Germany"), ("EGY", "Egypt, Arab Rep."), ("ESP", "Spain")):
        make_country(iso3, name)

    assert list_country_names("fr") == [
        ("ZAF", "Afrique du Sud"),
        ("DEU", "Allemagne"),
        ("EGY", "Égypte"),
        ("ESP", "Espagne"),
    ]


def test_former_states_are_offered_to_nobody_but_who_chose_them_before() -> None:
    make_country("YUG", "Serbia and Montenegro (former)")

    assert list_country_names("en") == []
    assert list_country_names("en", keep=["YUG"]) == [("YUG", "Serbia and Montenegro (former)")]


def test_every_economy_of_today_is_offered_once_and_under_a_name() -> None:
    load_countries()

    for language in ("en", "es", "fr", "ca"):
        offered = list_country_names(language)
        assert len(offered) == 219
        assert len({name for _iso3, name in offered}) == 219
        assert all(name and name != iso3 for iso3, name in offered)


@pytest.mark.parametrize("typed", ["Berlin City Council, Berlin, Germany", "berlin city council, berlin, allemagne"])
def test_a_listed_body_is_found_by_its_label_in_any_language(typed: str) -> None:
    council = make_city_council("Berlin", country=make_country("DEU", "Germany"))

    assert find_listed_authority(typed) == council


def test_labels_name_the_country_in_the_language_of_the_page() -> None:
    make_city_council("Berlin", country=make_country("DEU", "Germany"))

    assert list_authority_labels("es") == ["Berlin City Council, Berlin, Alemania"]


@pytest.mark.parametrize(("language", "said"), [("en", "Germany"), ("es", "Alemania"), ("fr", "Allemagne")])
def test_facts_of_a_fee_name_the_country_in_a_language(language: str, said: str) -> None:
    assert facts_named("DEU", "Germany").country_in(language) == said


def facts_named(iso3: str, name: str) -> NetworkFacts:
    return NetworkFacts(authority="", iso3=iso3, country=name, is_member=None)


@pytest.mark.parametrize(("language", "said"), [("fr", "Allemagne"), ("ca", "Alemanya")])
def test_a_paper_names_the_country_in_the_language_of_the_payer(language: str, said: str) -> None:
    make_country("DEU", "Germany")
    edition = make_edition()
    place = reserve(edition)
    PayerDetails.objects.filter(application=place.application).update(country="DEU", language=language)
    bill_places(places=[Place.objects.get(pk=place.pk)], actor=SYSTEM, now=ADMITTED_AT)

    assert Invoice.objects.get().document.facts["buyer"]["address"][-1] == said
