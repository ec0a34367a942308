"""Codes of countries, from the tables of CLDR that babel carries; without Django, so that rules may use them."""

from functools import cache
from typing import Final

from babel.core import get_global

# Not in the tables: the code that EN 16931 takes for Kosovo.
KOSOVO: Final = {"XKX": "1A"}


@cache
def two_letter_code(iso3: str) -> str:
    """Return the ISO 3166 code of two letters for one of three; blank where there is none."""
    if iso3 in KOSOVO:
        return KOSOVO[iso3]
    found = get_global("territory_aliases").get(iso3, [])
    return str(found[0]) if len(found) == 1 and len(found[0]) == 2 else ""
