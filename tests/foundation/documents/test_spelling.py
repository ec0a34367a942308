"""Amounts, days and instants on paper."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chancery.foundation.documents.spelling import (
    spell_amount,
    spell_day,
    spell_days,
    spell_instant,
)
from chancery.foundation.money import Money

ISSUED = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)
NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(1_234_567, "EUR"), "en", f"EUR{NO_BREAK}12,345.67"),
        (Money(1_234_567, "EUR"), "es", f"12.345,67{NO_BREAK}EUR"),
        (Money(1_234_567, "EUR"), "fr", f"12{NARROW}345,67{NO_BREAK}EUR"),
        (Money(1_234_567, "EUR"), "ca", f"12.345,67{NO_BREAK}EUR"),
        (Money(-10_000, "EUR"), "en", f"EUR{NO_BREAK}-100.00"),
        (Money(1_000, "JPY"), "en", f"JPY{NO_BREAK}1,000"),
        (Money(1_000, "TND"), "en", f"TND{NO_BREAK}1.000"),
    ],
    ids=["English", "Spanish", "French", "Catalan", "negative", "no decimals", "three decimals"],
)
def test_an_amount_is_spelled_with_all_digits_of_its_currency(money: Money, language: str, text: str) -> None:
    assert spell_amount(money, language) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Monday 4 November 2024"),
        ("es", "lunes, 4 de noviembre de 2024"),
        ("fr", "lundi 4 novembre 2024"),
        ("ca", "dilluns, 4 de novembre del 2024"),
    ],
)
def test_a_day_is_spelled_with_its_weekday(language: str, text: str) -> None:
    assert spell_day(date(2024, 11, 4), language) == text


def test_a_run_of_days_says_month_and_year_once() -> None:
    assert spell_days(date(2024, 11, 18), date(2024, 11, 22), "es") == "18\u201322 de noviembre de 2024"


def test_an_instant_is_spelled_by_the_clock_that_it_carries() -> None:
    instant = ISSUED.astimezone(ZoneInfo("Europe/Madrid"))
    assert spell_instant(instant, "Barcelona", "en") == "Friday 18 October 2024, 23:59:59 (Barcelona)"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="names no moment"):
        spell_instant(ISSUED.replace(tzinfo=None), "Barcelona", "en")
