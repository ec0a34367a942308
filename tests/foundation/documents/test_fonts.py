"""Which characters the documents can print."""

import pytest

from chancery.foundation.documents.fonts import covers, legible, printable_name, uncovered

NAMES = {
    "Arabic": "ياسمين الشهيلي",
    "Devanagari": "आशा एलिफ़ैंटा",
    "Thai": "อนงค์ ลมว่าว",
    "Han": "林季风",
    "traditional Han": "陳怡芬",
    "kana": "やまじ さくら",
    "Hangul": "한하늬",
    "Greek": "Ελένη Μελτέμι",
    "Cyrillic": "Зофія Гальна",
    "Tamil": "தென்றல்",
    "Telugu": "పవన్",
    "Khmer": "ខ្យល់",
    "Vietnamese": "Lê Gió Nồm",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_covered_in(name: str) -> None:
    assert uncovered(name) == ""


def test_characters_without_a_font_are_told_once_and_in_order() -> None:
    assert uncovered("שלום 🙂 and 🙂") == "שלום🙂"


@pytest.mark.parametrize(
    "text", ["", "plain", "tab\tand\nline", "zero\u200bwidth", "bidi \u202aembedding\u202c", "\ufeffmark"]
)
def test_characters_without_ink_need_no_font(text: str) -> None:
    assert covers(text)


@pytest.mark.parametrize("character", ["\ue000", "\ud800", "\U0010ffff"], ids=["private", "surrogate", "unassigned"])
def test_a_character_that_names_nothing_is_not_covered(character: str) -> None:
    assert not covers(character)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain", "plain"),
        ("well done 🙂", "well done [U+1F642]"),
        ("two\nlines", "two\nlines"),
        ("bell\x07", "bell "),
        ("lone \ud800", "lone [U+D800]"),
        ("e\u0301", "é"),
        ("\ufeffmark", "mark"),
        ("\n\u093cmark", "\n[U+093C]mark"),
    ],
    ids=["plain", "emoji", "line break", "control", "surrogate", "decomposed", "byte order mark", "a mark on nothing"],
)
def test_legible_text_keeps_what_no_font_can_print_as_its_code_point(text: str, printed: str) -> None:
    assert legible(text) == printed


def test_a_name_that_the_fonts_have_is_printed_as_its_owner_writes_it() -> None:
    name = printable_name("한하늬", "Han Hanui")
    assert (name.text, name.fell_back) == ("한하늬", False)


def test_a_name_that_the_fonts_lack_falls_back_to_its_latin_form_and_says_so() -> None:
    name = printable_name("ሐና ነፋስ", "Hana Nefas")
    assert (name.text, name.fell_back) == ("Hana Nefas", True)


def test_a_name_without_a_latin_form_is_printed_as_code_points_rather_than_not_at_all() -> None:
    name = printable_name("ሐ", "")
    assert (name.text, name.fell_back) == ("[U+1210]", True)


@pytest.mark.parametrize(
    ("native", "latin", "wanted"),
    [
        pytest.param("ሐና", "", True, id="no Latin form"),
        pytest.param("ሐና", "Hana", False, id="a Latin form"),
        pytest.param("ሐና", "Hana 🙂", True, id="a form that lacks a sign too"),
        pytest.param("Lê Gió Nồm", "", False, id="printed as written"),
    ],
)
def test_a_latin_form_is_wanted_only_where_papers_cannot_print_what_is_on_file(
    native: str, latin: str, wanted: bool
) -> None:
    assert printable_name(native, latin).latin_wanted is wanted


def test_the_signs_that_are_lacking_are_told() -> None:
    assert printable_name("ሐና Ana", "Hana").lacking == "ሐና"
