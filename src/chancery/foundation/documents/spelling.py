"""Spell amounts, days and instants for a printed page, in the language of its reader."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_interval

from chancery.foundation.figures import figure_of, locale_of, with_currency
from chancery.foundation.money import Money

# Left to Babel, English would put a comma after the weekday in some releases and none in others.
DAY_PATTERNS = {"en": "EEEE d MMMM y"}


def spell_amount(money: Money, language: str) -> str:
    """Return the amount with its currency code: ``EUR 1,000.00`` in English, ``1.000,00 EUR`` elsewhere."""
    return with_currency(figure_of(money, language), money.currency, language)


def spell_day(day: date, language: str) -> str:
    """Return the day with its weekday, such as ``Monday 4 November 2024``."""
    return format_date(day, format=DAY_PATTERNS.get(language, "full"), locale=locale_of(language))


def spell_date(day: date, language: str) -> str:
    """Return the day without its weekday, such as ``4 November 2024``."""
    return format_date(day, format="long", locale=locale_of(language))


def spell_days(first: date, last: date, language: str) -> str:
    """Return a run of days as short as the language allows, month and year said once."""
    return format_interval(first, last, skeleton="yMMMMd", locale=locale_of(language))


def spell_instant(instant: datetime, place: str, language: str) -> str:
    """Return weekday, day, time to the second and the place whose clock counts.

    The instant is spelled in the zone that it carries: give it in the zone of the edition.

    :raises ValueError: when the instant carries no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone names no moment")
    clock = format_datetime(instant, format="HH:mm:ss", tzinfo=instant.tzinfo, locale=locale_of(language))
    return f"{spell_day(instant.date(), language)}, {clock} ({place})"


def address_lines(address: str) -> tuple[str, ...]:
    """Return an address as typed, in one line or several, as the lines of a letter's head."""
    return tuple(line.strip() for line in address.replace("\n", ",").split(",") if line.strip())
