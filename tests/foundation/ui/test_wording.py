"""Money, days and instants in the reader's language."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from chancery.foundation.ui import wording


@dataclass
class Edition:
    time_zone: str = "Europe/Madrid"
    place: str = "Barcelona"


LAST_SECOND = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "EUR 1,000.00"), ("es", "1.000,00 EUR"), ("fr", "1\u202f000,00 EUR"), ("ca", "1.000,00 EUR")],
)
def test_money_is_written_as_the_language_writes_it(language, shown):
    with translation.override(language):
        assert said(wording.money_text(100_000, "EUR")) == shown


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (-10_000, "EUR", "EUR \u2212100.00"),
        (1500, "JPY", "JPY 1,500"),
        (1500, "KWD", "KWD 1.500"),
        (0, "EUR", "EUR 0.00"),
    ],
    ids=["a reduction", "no minor unit", "three digits", "nothing"],
)
def test_money_has_the_digits_of_its_currency(minor, currency, shown):
    assert said(wording.money_text(minor, currency)) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Fri 18 Oct 2024, 23:59:59 Barcelona"),
        ("es", "vie 18 oct 2024, 23:59:59 Barcelona"),
        ("fr", "ven. 18 oct. 2024, 23:59:59 Barcelona"),
        ("ca", "dv. 18 oct. 2024, 23:59:59 Barcelona"),
    ],
)
def test_a_deadline_names_weekday_date_time_and_place(language, shown):
    with translation.override(language):
        assert said(wording.deadline_text(LAST_SECOND, Edition())) == shown


def test_full_minutes_are_shown_without_seconds():
    assert wording.time_text(datetime(2024, 10, 21, 7, 0, tzinfo=UTC), Edition()) == "09:00"


def test_a_span_of_days_says_the_month_once():
    assert wording.days_text(date(2024, 11, 18), date(2024, 11, 22)) == "18\u201322 Nov 2024"


@pytest.mark.parametrize(("rate", "shown"), [("0.75", "75 %"), ("0.125", "12.5 %"), ("1", "100 %")])
def test_a_share_is_a_percentage(rate, shown):
    assert said(wording.percent_text(Decimal(rate))) == shown
