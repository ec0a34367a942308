"""Translations keep what the program fills in."""

import re

import polib
import pytest

from chancery.foundation.ui.words import LOCALE, PLURALS

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


def pairs_of(entry: polib.POEntry) -> list[tuple[str, str]]:
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr), (entry.msgstr, entry.msgid)]
    return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
