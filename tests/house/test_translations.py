"""A translation keeps the placeholders, the tags, the plural forms and the blanks of the words it stands for."""

import re
from collections import Counter
from collections.abc import Iterator

import polib
import pytest
from tests.house.sources import SOURCE

LANGUAGES = ("es", "fr", "ca")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")
THIN = "\u202f"
STRAIGHT = re.compile(r"(?<=\w)'(?=[\w«%])")
# Words that were said beside the settled one, and "before" a day that still counts.
SETTLED_OTHERWISE = [
    ("es", r"\bfichero"),
    ("es", r"\bmovimiento"),
    ("es", r"\bantes del %"),
    ("ca", r"\bmoviment"),
    ("ca", r"(?<!dia )\babans del %"),
    ("fr", r"\bavant le %"),
]
# To undo an act of ours is one thing, what the bank takes back another, and a refund that comes back a third.
UNDONE = re.compile(
    r"\b(booking|cost|correction|write-off)\b.* (taken|taking) back|^Take (it |the correction )?back$", re.I
)
UNDO = {"es": r"\bdesh", "fr": r"\bannul", "ca": r"\bdesf"}
CAME_BACK = re.compile(r"refund.* (came|come) back|(came|come) back.* refund", re.I)
GIVEN_BACK = {"es": r"\bdev(olv|uel)", "fr": r"\br(envoy|epri)", "ca": r"\bretorn"}
WIDE_SPACE = re.compile(r"[ \u00a0](?=[:;?!»](?:\s|$))|«[ \u00a0]")


def _entries(language: str) -> list[polib.POEntry]:
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    return [entry for entry in polib.pofile(str(path)) if entry.translated()]


def _said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _pairs(language: str) -> Iterator[tuple[set[str], str]]:
    """Yield the words that a translation stands for, one or many, and the translation."""
    for entry in _entries(language):
        for said in _said(entry):
            yield {entry.msgid, entry.msgid_plural or entry.msgid}, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_its_words_fill_in(language: str) -> None:
    wrong = [
        said
        for words, said in _pairs(language)
        if all(Counter(PLACEHOLDER.findall(said)) != Counter(PLACEHOLDER.findall(each)) for each in words)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_marks_up_what_its_words_mark_up(language: str) -> None:
    wrong = [
        said
        for words, said in _pairs(language)
        if all(Counter(TAG.findall(said)) != Counter(TAG.findall(each)) for each in words)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_for_many_names_the_number_that_its_words_name(language: str) -> None:
    wrong = [
        entry.msgid
        for entry in _entries(language)
        if entry.msgid_plural
        if set(PLACEHOLDER.findall(entry.msgstr_plural[1])) != set(PLACEHOLDER.findall(entry.msgid_plural))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_plural_form_is_said_and_nothing_is_left_in_doubt(language: str) -> None:
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    plurals = [entry for entry in _entries(language) if entry.msgid_plural]

    assert plurals
    assert [entry.msgid for entry in plurals if set(entry.msgstr_plural) != {0, 1}] == []
    assert [entry.msgid for entry in polib.pofile(str(path)) if entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_blanks_around_its_words(language: str) -> None:
    """Pages and mails are put together from pieces: a lost blank runs two words into one."""
    wrong = [said for words, said in _pairs(language) if _blanks(said) not in {_blanks(each) for each in words}]

    assert wrong == []


def test_french_puts_a_thin_space_before_high_punctuation() -> None:
    assert [said for _, said in _pairs("fr") if WIDE_SPACE.search(said)] == []


@pytest.mark.parametrize("language", ["fr", "ca"])
def test_an_apostrophe_is_the_curved_one(language: str) -> None:
    assert [said for _, said in _pairs(language) if STRAIGHT.search(TAG.sub("", said))] == []


@pytest.mark.parametrize(("language", "word"), SETTLED_OTHERWISE)
def test_a_thing_has_one_word(language: str, word: str) -> None:
    assert [said for _, said in _pairs(language) if re.search(word, said, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", ["es", "ca"])
def test_a_refund_is_called_a_refund(language: str) -> None:
    about = [said for words, said in _pairs(language) if any("refund" in each.lower() for each in words)]

    assert [said for said in about if "devoluci" in said.lower()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_to_undo_an_act_has_one_word(language: str) -> None:
    about = [said for words, said in _pairs(language) if any(UNDONE.search(each) for each in words)]

    assert len(about) > 5
    assert [said for said in about if not re.search(UNDO[language], said, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refund_that_comes_back_is_not_one_that_we_give_back(language: str) -> None:
    about = [said for words, said in _pairs(language) if any(CAME_BACK.search(each) for each in words)]

    assert len(about) > 5
    assert [said for said in about if re.search(GIVEN_BACK[language], said, re.IGNORECASE)] == []


def _blanks(text: str) -> tuple[str, str]:
    # French opens what goes on with high punctuation by a thin space of its own.
    plain = text[1:] if text[:1] == THIN and text[1:2] in set(":;?!") else text
    return plain[: len(plain) - len(plain.lstrip())], plain[len(plain.rstrip()) :]
