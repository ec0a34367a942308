"""Translations keep what the program fills in."""

import re

import polib
import pytest

from chancery.foundation.ui.words import LOCALE, PLURALS, typeset

FILLED_IN = re.compile(r"%\((\w+)\)s|%%|\{(\w+)\}")


@pytest.mark.parametrize("language", sorted(PLURALS))
def test_a_translation_fills_in_what_its_original_fills_in(language):
    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))

    broken = {
        entry.msgid: text
        for entry in catalogue.translated_entries()
        for original, text in pairs_of(entry)
        if set(FILLED_IN.findall(text)) - set(FILLED_IN.findall(original))
    }

    assert broken == {}


# What a language's typography does not have: the thin space before French signs is U+202F, the apostrophe U+2019.
SLIPS = {
    "fr": {
        "an apostrophe that is not curly": re.compile(r"\w'[\w%{<«]"),
        "no thin space before : ; ? ! or »": re.compile(
            r"[^\s\u202f\d:;?!/][:;?!](?=\s|$)|[ \u00a0][:;?!»]|[^\u202f]»"
        ),
        "no thin space after «": re.compile(r"«(?!\u202f)"),
    },
    "es": {
        "a question or a call without its first sign": re.compile(r"^[^¿]*\?(?=\s|$)|^[^¡]*!(?=\s|$)"),
        "a space before : ; ? or !": re.compile(r"\w\s[:;?!]"),
    },
    "ca": {
        "an apostrophe that is not curly": re.compile(r"\w'[\w%{<«]"),
        "a space before : ; ? or !": re.compile(r"\w\s[:;?!]"),
    },
}


@pytest.mark.parametrize("language", sorted(PLURALS))
def test_a_translation_keeps_the_typography_of_its_language(language):
    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    typed = [text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())]
    told = [typeset(text, language) for text in typed]

    found = {slip: [text for text in told if sign.search(text)] for slip, sign in SLIPS[language].items()}

    assert {slip: texts for slip, texts in found.items() if texts} == {}


def pairs_of(entry: polib.POEntry) -> list[tuple[str, str]]:
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr), (entry.msgstr, entry.msgid)]
    return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
