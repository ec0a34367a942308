"""Countries in the language of the page, in the order of its alphabet, and none that is no more."""

import pytest

from chancery.foundation.countries import alphabetical, country_name, is_present_day, two_letter_code


@pytest.mark.parametrize(
    ("iso3", "names"),
    [
        pytest.param("DEU", ("Germany", "Alemania", "Allemagne", "Alemanya"), id="Germany"),
        pytest.param("JPN", ("Japan", "Japón", "Japon", "Japó"), id="Japan"),
        pytest.param("XKX", ("Kosovo", "Kosovo", "Kosovo", "Kosovo"), id="the World Bank's code of Kosovo"),
    ],
)
def test_a_country_is_called_as_the_language_calls_it(iso3: str, names: tuple[str, ...]) -> None:
    assert tuple(country_name(iso3, language) for language in ("en", "es", "fr", "ca")) == names


@pytest.mark.parametrize(
    ("iso3", "source", "said"),
    [
        pytest.param("CHI", "Channel Islands", "Channel Islands", id="an economy of the World Bank"),
        pytest.param("YUG", "Serbia and Montenegro (former)", "Serbia and Montenegro (former)", id="no more, readable"),
        pytest.param("ZZX", "", "ZZX", id="known to nobody: its code"),
    ],
)
def test_what_no_table_has_keeps_the_name_of_its_source(iso3: str, source: str, said: str) -> None:
    assert country_name(iso3, "en", source) == said


@pytest.mark.parametrize(
    ("iso3", "present"),
    [("DEU", True), ("XKX", True), ("CHI", True), ("SUN", False), ("CSK", False), ("YUG", False), ("ANT", False)],
)
def test_former_states_are_not_of_today(iso3: str, present: bool) -> None:
    assert is_present_day(iso3) is present


def test_invoices_keep_the_code_of_kosovo_that_the_standard_takes() -> None:
    assert two_letter_code("XKX") == "1A"


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        pytest.param("fr", ["Danemark", "Égypte", "Espagne", "États-Unis", "Zambie"], id="marks do not count"),
        pytest.param("es", ["España", "Níger", "Nigeria", "Noruega", "Ñu"], id="ñ after n"),
        pytest.param("en", ["Åland Islands", "Albania", "Angola"], id="Å is an A"),
        pytest.param("ca", ["Illa", "Il·lús", "Ilmo"], id="the middle dot does not count"),
    ],
)
def test_words_stand_as_in_a_dictionary(language: str, ordered: list[str]) -> None:
    assert sorted(ordered, key=alphabetical(language)) == ordered
