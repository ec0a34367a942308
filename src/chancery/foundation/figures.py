"""How amounts, shares and long account numbers are written in a language: the same on screens and on paper.

And how a whole number is read that a page or a person sent.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal

from chancery.foundation.money import Money, exponent

NO_BREAK = "\u00a0"
# British English: the day before the month, as in the rest of Europe.
LOCALES = {"en": "en_GB", "es": "es_ES", "fr": "fr_FR", "ca": "ca_ES"}
CODE_FIRST = {"en"}
MOST_DIGITS = 18  # so that every database holds the number


def locale_of(language: str) -> str:
    """Return the locale whose habits a language follows here; British English where the language is not ours."""
    return LOCALES.get(language.partition("-")[0], LOCALES["en"])


def figure_of(money: Money, language: str) -> str:
    """Return the amount without its currency, such as ``1,000.00``; always all digits of the currency."""
    digits = exponent(money.currency)
    return _number(money.decimal, "#,##0" + ("." + "0" * digits if digits else ""), locale_of(language))


def with_currency(figure: str, currency: str, language: str) -> str:
    """Return a figure with its currency code: ``EUR 1,000.00`` in English, ``1.000,00 EUR`` elsewhere."""
    # A no-break space: a currency alone at the start of a line reads as another amount.
    parts = (currency, figure) if language.partition("-")[0] in CODE_FIRST else (figure, currency)
    return NO_BREAK.join(parts)


def share_in_percent(share: Decimal, language: str) -> str:
    """Return a share such as ``0.75`` as ``75 %``."""
    return _number(share * 100, "#,##0.##", locale_of(language)) + f"{NO_BREAK}%"


def decimal_number(number: Decimal, language: str) -> str:
    """Return a number that is neither money nor a share, with the decimals that it has."""
    return _number(number, "#,##0.#########", locale_of(language))


def in_groups_of_four(text: str) -> str:
    """Return an IBAN or a reference as it is printed: ``RF03 M220 2400 01``."""
    packed = "".join(text.split())
    return " ".join(packed[start : start + 4] for start in range(0, len(packed), 4))


def whole_number(text: str) -> int | None:
    """Return the whole number that ``text`` is, with a minus or without; None where it is none or too long."""
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and len(digits) <= MOST_DIGITS else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Return the whole numbers among ``texts``."""
    return [number for text in texts if (number := whole_number(text)) is not None]


# A page says the same amounts again and again; Babel takes a good tenth of a millisecond for each.
@lru_cache(maxsize=2048)
def _number(number: Decimal, pattern: str, locale: str) -> str:
    return format_decimal(number, format=pattern, locale=locale)
