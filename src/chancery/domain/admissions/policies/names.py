"""Names are kept as written: which script they use, and how they are folded for searching."""

import unicodedata
from functools import lru_cache

from chancery.foundation.ruling import ALLOWED, Ruling, refusal

SEARCH_LENGTH = 500
NAME_MISSING = "name_missing"
NOT_LATIN = "name_not_latin"
NAME_NOT_PRINTABLE = "name_not_printable"


def is_latin(text: str) -> bool:
    """Tell whether every letter of a name is Latin, marks and modifier letters included."""
    return all(_is_latin_letter(letter) for letter in text if letter.isalpha())


def needs_latin_form(name: str) -> bool:
    """Tell whether a name has to be given in Latin letters too: only when it is written in another script."""
    return not is_latin(name)


def may_print_as(latin: str, *, lacking: str) -> Ruling:
    """Allow a Latin form that papers can print: some letters, all Latin, none that the fonts lack (``lacking``)."""
    if not any(letter.isalpha() for letter in latin):
        return refusal(NAME_MISSING)
    if not is_latin(latin):
        return refusal(NOT_LATIN)
    return refusal(NAME_NOT_PRINTABLE) if lacking else ALLOWED


@lru_cache(maxsize=8192)  # the names of all listed authorities are folded for each that is typed
def fold(text: str) -> str:
    """Return text without marks and case, so that "Medellin" finds "Medellín"; other scripts stay whole."""
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in parts if not _is_latin_mark(letter))
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())


def search_text(*words: str) -> str:
    """Return what a search looks through: each distinct word group once, as folded text."""
    seen = dict.fromkeys(fold(word) for word in words if word.strip())
    return " ".join(seen)[:SEARCH_LENGTH]


def _is_latin_letter(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(
        ("LATIN", "MODIFIER LETTER", "FULLWIDTH LATIN", "FEMININE", "MASCULINE")
    )


def _is_latin_mark(letter: str) -> bool:
    """Combining diacritics of U+0300-036F only: vowel signs of Devanagari or Arabic are part of the word."""
    return "\u0300" <= letter <= "\u036f"
