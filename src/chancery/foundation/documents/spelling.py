"""Spell amounts, days and instants for a printed page, in the language of its reader."""

from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval
from babel.numbers import format_decimal

from chancery.foundation.money import Money, exponent

# British English: the day before the month, as in the rest of Europe.
LOCALES = {"en": "en_GB", "es": "es_ES", "fr": "fr_FR", "ca": "ca_ES"}
# Left to Babel, English would put a comma after the weekday in some releases and none in others.
DAY_PATTERNS = {"en": "EEEE d MMMM y"}
CODE_FIRST = {"en"}


def spell_figure(money: Money, language: str) -> str:
    """Return the amount without its currency, such as ``1,000.00``; always all digits of the currency."""
    digits = exponent(money.currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(money.decimal, format=pattern, locale=_locale(language))


def spell_amount(money: Money, language: str) -> str:
    """Return the amount with its currency code: ``EUR 1,000.00`` in English, ``1.000,00 EUR`` elsewhere."""
    figure = spell_figure(money, language)
    # A no-break space: a currency alone at the start of a line reads as another amount.
    parts = (money.currency, figure) if language in CODE_FIRST else (figure, money.currency)
    return "\u00a0".join(parts)


def spell_day(day: date, language: str) -> str:
    """Return the day with its weekday, such as ``Monday 4 November 2024``."""
    return format_date(day, format=DAY_PATTERNS.get(language, "full"), locale=_locale(language))


def spell_date(day: date, language: str) -> str:
    """Return the day without its weekday, such as ``4 November 2024``."""
    return format_date(day, format="long", locale=_locale(language))


def spell_days(first: date, last: date, language: str) -> str:
    """Return a run of days as short as the language allows, month and year said once."""
    return format_interval(first, last, skeleton="yMMMMd", locale=_locale(language))


def spell_instant(instant: datetime, place: str, language: str) -> str:
    """Return weekday, day, time to the second and the place whose clock counts.

    The instant is spelled in the zone that it carries: give it in the zone of the edition.

    :raises ValueError: when the instant carries no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone names no moment")
    clock = format_datetime(instant, format="HH:mm:ss", tzinfo=instant.tzinfo, locale=_locale(language))
    return f"{spell_day(instant.date(), language)}, {clock} ({place})"


def spell_share(share: Decimal, language: str) -> str:
    """Return a share such as ``0.75`` as ``75 %``."""
    return format_decimal(share * 100, format="0.##", locale=_locale(language)) + "\u00a0%"


def address_lines(address: str) -> tuple[str, ...]:
    """Return an address as typed, in one line or several, as the lines of a letter's head."""
    return tuple(line.strip() for line in address.replace("\n", ",").split(",") if line.strip())


def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, language))
