"""Days as people write them, in words and figures of the four languages and some more."""

import re
from collections.abc import Iterator
from datetime import date

from chancery.domain.enrollment.readers.words import MONTHS

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?:(?:\s*,?\s*(?:of|de|del|d')?\s*|[\s./-]+)(?P<year>\d{4}|'?\d{2})\b(?![:h]))?"
_ISO = re.compile(r"\b(?P<year>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)")
_FIGURES = re.compile(
    r"(?<![\d/.-])(?P<one>\d{1,2})\s?[-/.]\s?(?P<two>\d{1,2})\s?[-/.]\s?(?P<year>\d{4}|\d{2})(?![\d/-])"
)
_ORDINAL = r"(?:st|nd|rd|th|er|re|o|a|º|ª|e)?\.?"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}(?:\s+(?:of|de|del|d')?\s*|\s*d'|[-/.])(?:the\s+)?{_MONTH}{_YEAR}"
)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){_YEAR}")


def names_day(text: str, day: date) -> bool:
    """Tell whether a line of plain text names the day.

    A day in words may lack the year. In figures either order of day and month is taken: 02/10/2024 is the second of
    October to most of the world and the tenth of February to some, and nobody says which.
    """
    blanks_once = " ".join(text.split())  # the patterns look for blanks side by side: a long run would hold them up
    return any(_fits(year, month, number, day) for year, month, number in _read(blanks_once))


def names_day_without_year(text: str, day: date) -> bool:
    """Tell whether a labelled value in plain text is the day in figures, without its year."""
    found = re.fullmatch(r"\s*(\d{1,2})\s?[-/.]\s?(\d{1,2})\s*\.?\s*", text)
    return found is not None and {int(found[1]), int(found[2])} == {day.day, day.month}


def _read(text: str) -> Iterator[tuple[int | None, int, int]]:
    """Yield year (None where it is not said), month and day of each day in the text."""
    for found in _ISO.finditer(text):
        yield int(found["year"]), int(found["m"]), int(found["d"])
    for found in _FIGURES.finditer(text):
        year, one, two = _year(found["year"]), int(found["one"]), int(found["two"])
        yield year, two, one
        yield year, one, two
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(text):
            yield _year(found["year"]), MONTHS[found["month"].rstrip(".")], int(found["d"])


def _fits(year: int | None, month: int, number: int, day: date) -> bool:
    return (year in {None, day.year}) and (month, number) == (day.month, day.day)


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    figures = int(written.lstrip("'"))
    return figures if figures > 99 else 2000 + figures
