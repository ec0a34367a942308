"""Amounts, days and instants in words of the reader's language, as pages and mails print them."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.foundation.figures import NO_BREAK, decimal_number, figure_of, locale_of, share_in_percent, with_currency
from chancery.foundation.money import Money

MINUS = "\u2212"
# The mark in front makes the line run left to right, whatever the script of the name that follows.
LEFT_TO_RIGHT, ISOLATE, END_OF_ISOLATE = "\u200e", "\u2068", "\u2069"
DAY = {"ca": "EEE d LLL y"}
SHORT_DAY = {"ca": "EEE d LLL"}


class Named(Protocol):
    """Somebody with a name as they write it and, where it has another script, its Latin form."""

    name: str
    latin_name: str


class Somewhere(Protocol):
    """A place with a clock: an edition, or anything that names its zone and its city."""

    time_zone: str
    place: str


def money_text(minor: int, currency: str) -> str:
    """Return ``EUR 1,000.00`` in English, ``1.000,00 EUR`` in the other languages."""
    return with_code(number_text(minor, currency), currency)


def with_code(figure: str, currency: str) -> str:
    """Return a figure, or what stands for one, with its currency where the language puts it."""
    return with_currency(figure, currency, _language())


def number_text(minor: int, currency: str) -> str:
    """Return the amount without its currency, for a column that names it in its head."""
    return (MINUS if minor < 0 else "") + figure_of(Money(abs(minor), currency), _language())


def percent_text(rate: Decimal) -> str:
    """Return a share as ``75 %``."""
    return share_in_percent(rate, _language())


def decimal_text(number: Decimal) -> str:
    """Return a number as people write it: ``1,500.5`` in English, ``1.500,5`` in Spanish."""
    return decimal_number(number, _language())


def labelled_text(label: str, words: str) -> str:
    """Return words behind their label, with the colon as the language sets it."""
    return _("%(label)s: %(words)s") % {"label": label, "words": words}


def name_text(native: str, latin: str) -> str:
    """Return a person's name for a colleague: the Latin form first where the name has another script.

    Each name is isolated, so that its script does not turn the line around.
    """
    return f"{_isolated(latin)} ({_isolated(native)})" if latin and latin != native else _isolated(native)


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


# A page says the same days again and again; Babel takes a good tenth of a millisecond for each.
@lru_cache(maxsize=2048)
def _day(day: date, pattern: str, locale: str) -> str:
    return _tidy(format_date(day, pattern, locale=locale))


@lru_cache(maxsize=256)
def _span(first: date, last: date, locale: str) -> str:
    return _tidy(format_interval(first, last, "yMMMd", locale=locale))


def _time(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def _language() -> str:
    return (get_language() or "en").partition("-")[0]


def _locale() -> str:
    return locale_of(_language())


def _tidy(text: str) -> str:
    return text.replace("\u202f", NO_BREAK).replace("\u2009", "").replace(",", "")


def _isolated(name: str) -> str:
    return f"{LEFT_TO_RIGHT}{ISOLATE}{name}{END_OF_ISOLATE}"
