"""Names of countries, from the tables of CLDR that babel carries."""

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from chancery.foundation.country_codes import two_letter_code

# What CLDR calls these, where it has another code for them or none; CHI is the World Bank's for Jersey and Guernsey.
_CLDR_CODES: Final = {"XKX": "XK"}
_OWN_WORDS: Final[dict[str, Promise]] = {"CHI": _("Channel Islands")}
# Letters that an alphabet has a place for, after the plain one; other marks count only between equal names.
_LETTERS: Final = {"es": {"ñ": "n\uffff"}}


def is_present_day(iso3: str) -> bool:
    """Tell whether a code names a state or territory of today: a former one has no code of two letters any more."""
    return iso3 in _OWN_WORDS or bool(two_letter_code(iso3))


@cache
def country_name(iso3: str, language: str, source: str = "") -> str:
    """Return what a language calls a country: by CLDR, else the name of the ``source``, else the code itself."""
    if iso3 in _OWN_WORDS:
        with override(language):
            return str(_OWN_WORDS[iso3])
    territory = _CLDR_CODES.get(iso3) or two_letter_code(iso3)
    return Locale.parse(language).territories.get(territory) or source or iso3


def alphabetical(language: str) -> Callable[[str], tuple[str, str]]:
    """Return the key that sorts words as a dictionary of the language does: by letters, then by their marks.

    Written for the four languages of the house; the whole algorithm of Unicode would need ICU.
    """
    letters = _LETTERS.get(language, {})

    def key(word: str) -> tuple[str, str]:
        folded = "".join(letters.get(letter, letter) for letter in unicodedata.normalize("NFC", word).casefold())
        plain = unicodedata.normalize("NFKD", folded)
        return "".join(letter for letter in plain if letter.isalnum() or letter in " \uffff"), folded

    return key
