"""Amounts, days and instants in words of the reader's language, as pages and mails print them."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal
from django.utils.translation import get_language

from chancery.foundation.money import Money, exponent

NO_BREAK = "\u00a0"
LOCALES = {"en": "en_GB", "es": "es_ES", "fr": "fr_FR", "ca": "ca_ES"}
DAY = {"ca": "EEE d LLL y"}
SHORT_DAY = {"ca": "EEE d LLL"}


class Somewhere(Protocol):
    """A place with a clock: an edition, or anything that names its zone and its city."""

    time_zone: str
    place: str


def money_text(minor: int, currency: str) -> str:
    """Return ``EUR 1,000.00`` in English, ``1.000,00 EUR`` in the other languages."""
    amount = Money(abs(minor), currency).decimal
    digits = exponent(currency)
    number = _number(amount, "#,##0" + ("." + "0" * digits if digits else ""), _locale())
    sign = "\u2212" if minor < 0 else ""
    if _language() == "en":
        return f"{currency}{NO_BREAK}{sign}{number}"
    return f"{sign}{number}{NO_BREAK}{currency}"


def number_text(minor: int, currency: str) -> str:
    """Return the amount without its currency, for a column that names it in its head."""
    amount = Money(abs(minor), currency).decimal
    digits = exponent(currency)
    number = _number(amount, "#,##0" + ("." + "0" * digits if digits else ""), _locale())
    return ("\u2212" if minor < 0 else "") + number


def percent_text(rate: Decimal) -> str:
    """Return a share as ``75 %``."""
    return _number(rate * 100, "#,##0.##", _locale()) + f"{NO_BREAK}%"


def day_text(day: date) -> str:
    """Return ``Fri 18 Oct 2024``."""
    return _day(day, DAY.get(_language(), "EEE d MMM y"), _locale())


def short_day_text(day: date) -> str:
    """Return ``Fri 18 Oct``, where the year is plain from around it."""
    return _day(day, SHORT_DAY.get(_language(), "EEE d MMM"), _locale())


def days_text(first: date, last: date) -> str:
    """Return a span such as ``18-22 Nov 2024``."""
    return _span(first, last, _locale())


def instant_text(instant: datetime, where: Somewhere) -> str:
    """Return day and time in the zone of ``where``: ``Mon 21 Oct 2024, 09:00``."""
    local = instant.astimezone(ZoneInfo(where.time_zone))
    return f"{day_text(local.date())}, {local:%H:%M}"


def deadline_text(instant: datetime, where: Somewhere) -> str:
    """Return weekday, date, time and place, to the second where it counts: ``Fri 18 Oct 2024, 23:59:59 Barcelona``."""
    local = instant.astimezone(ZoneInfo(where.time_zone))
    return f"{day_text(local.date())}, {_time(local)}{NO_BREAK}{where.place}"


def time_text(instant: datetime, where: Somewhere) -> str:
    """Return the time of day in the zone of ``where``: ``14:02``."""
    return _time(instant.astimezone(ZoneInfo(where.time_zone)))


def in_fours(text: str) -> str:
    """Return an IBAN or creditor reference in groups of four."""
    plain = re.sub(r"\s+", "", text)
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


# A page says the same days and amounts again and again; Babel takes a good tenth of a millisecond for each.
@lru_cache(maxsize=2048)
def _day(day: date, pattern: str, locale: str) -> str:
    return _tidy(format_date(day, pattern, locale=locale))


@lru_cache(maxsize=256)
def _span(first: date, last: date, locale: str) -> str:
    return _tidy(format_interval(first, last, "yMMMd", locale=locale))


@lru_cache(maxsize=2048)
def _number(number: Decimal, pattern: str, locale: str) -> str:
    return format_decimal(number, format=pattern, locale=locale)


def _time(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _locale() -> str:
    return LOCALES.get(_language(), "en_GB")


def _tidy(text: str) -> str:
    return text.replace("\u202f", NO_BREAK).replace("\u2009", "").replace(",", "")
