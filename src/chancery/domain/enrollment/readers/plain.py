"""Words made comparable: without accents, case and the ways of writing an apostrophe, a hyphen or a digit."""

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz

ALIKE = 82  # of 100; internationalization and internacionalización are alike, local and social are not
SHORTEST_ALIKE = 5
PLAIN_MARKS = str.maketrans({"\u2019": "'", "\u00ad": None} | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
# What ends a phrase: a name does not go on behind it.
_BREAKS = re.compile(r"[.,;:!?()\[\]{}|/\\\u2022]")
_WORD = re.compile(r"\w+|[.,;:!?()\[\]{}|/\\\u2022]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word and the number of its line; ``phrase`` counts the marks that end a phrase before it."""

    word: str
    line: int
    phrase: int


def plain(text: str) -> str:
    """Return text in lower case, without accents, with plain digits, apostrophes and hyphens."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN_MARKS))
    kept = (each for each in decomposed if not unicodedata.combining(each) and unicodedata.category(each) != "Cf")
    composed = unicodedata.normalize("NFC", "".join(kept))  # syllables of Hangul are whole again
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in composed)


def tokens(text: str) -> list[Token]:
    """Return the words of a text in order."""
    found, phrase = [], 0
    for number, line in enumerate(text.split("\n")):
        for match in _WORD.finditer(plain(line)):
            if _BREAKS.fullmatch(match[0]):
                phrase += 1
            else:
                found += [Token(word, number, phrase) for word in match[0].split("_") if word]
    return found


def alike(one: str, other: str) -> bool:
    """Tell whether two plain words are the same but for a slip or the spelling of another language."""
    if one == other:
        return True
    return min(len(one), len(other)) >= SHORTEST_ALIKE and fuzz.ratio(one, other) >= ALIKE


def line_of(text: str, number: int) -> str:
    """Return a line of the text, to show where something stands."""
    return text.split("\n")[number].strip()[:200]
