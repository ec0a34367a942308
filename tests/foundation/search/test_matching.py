"""Words are found by their beginnings, the same on both engines."""

import pytest
from tests.factories.admissions import make_application

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.names import search_text
from chancery.foundation.search import matching

pytestmark = pytest.mark.django_db
NAMES = {
    "M2-0009": "Peter Kaskazi Nairobi",
    "M2-0010": "Valentina Alisio Medellín",
    "M2-0011": "Mercè O'Garbí Sant-Cugat",
    "M2-0012": "陳逸風 Chen Yi-Feng New Taipei",
    "M2-0013": "आशा एलिफैंटा Mumbai",
}


@pytest.fixture
def found_by():
    pks = {}
    for reference, words in NAMES.items():
        application = make_application()
        application.search_text = search_text(reference, words)
        application.save()
        pks[application.pk] = reference

    def find(text: str) -> list[str]:
        rows = matching(Application.objects.all(), "search_text", text)
        return sorted(pks[pk] for pk in rows.values_list("pk", flat=True))

    return find


@pytest.mark.parametrize(
    ("text", "references"),
    [
        pytest.param("kask", ["M2-0009"], id="the beginning of a name"),
        pytest.param("medellin", ["M2-0010"], id="without its accent"),
        pytest.param("m2-0011", ["M2-0011"], id="a whole reference"),
        pytest.param("0012", ["M2-0012"], id="the number of a reference"),
        pytest.param("garbi", ["M2-0011"], id="behind an apostrophe"),
        pytest.param("cugat sant", ["M2-0011"], id="words in any order"),
        pytest.param("chen mumbai", [], id="each word has to be there"),
        pytest.param("陳逸", ["M2-0012"], id="the beginning of a name in Han"),
        pytest.param("एलिफैं", ["M2-0013"], id="a word whose vowels are marks"),
        pytest.param("zzz", [], id="nothing"),
        pytest.param("", sorted(NAMES), id="no words narrow nothing"),
        pytest.param('"(*', sorted(NAMES), id="signs are no words"),
        pytest.param('" OR (*', [], id="or is a word like any other"),
        pytest.param("kask\\ NOT", [], id="no language of commands"),
    ],
)
def test_words_are_found_by_their_beginnings(found_by, text: str, references: list[str]) -> None:
    assert found_by(text) == references


def test_a_changed_or_blanked_text_is_found_no_more(found_by) -> None:
    Application.objects.filter(search_text__contains="kaskazi").update(search_text="")
    Application.objects.filter(search_text__contains="valentina").update(search_text="zofia halny")

    assert found_by("kaskazi") == []
    assert found_by("valentina") == []
    assert found_by("halny") == ["M2-0010"]
