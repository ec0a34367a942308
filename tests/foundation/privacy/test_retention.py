"""The periods of retention.toml: their lengths, and that models, sweep and housekeeping go by them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.admissions.policies.applying import IDLE_DRAFT_LASTS
from chancery.foundation.accounts.sign_in import KEEP_CODES, KEEP_INVITATIONS
from chancery.foundation.privacy.retention import EndedBy, months_after, period, periods, rules_of
from chancery.foundation.privacy.wording import data_words, kept_words
from chancery.interfaces.worker.sweeps import KEEP_FORM_TOKENS

SOURCE = Path(__file__).resolve().parents[3] / "src" / "chancery"
WITHDRAWN = SOURCE / "domain" / "admissions" / "templates" / "mails" / "admissions" / "withdrawn"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param("2024-01-31", 1, "2024-02-29", id="the end of a shorter month"),
        pytest.param("2024-02-29", 12, "2025-02-28", id="a leap day"),
        pytest.param("2024-11-15", 12, "2025-11-15", id="a year"),
        pytest.param("2024-11-15", 72, "2030-11-15", id="six years"),
        pytest.param("2024-01-15", -1, "2023-12-15", id="backwards"),
    ],
)
def test_months_are_those_of_the_calendar(start: str, months: int, end: str) -> None:
    begins, ends = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (start, end))

    assert months_after(begins, months) == ends


@given(st.integers(0, 30_000), st.integers(0, 200))
def test_more_months_never_end_sooner(days: int, months: int) -> None:
    start = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(days=days)

    assert months_after(start, months) <= months_after(start, months + 1)
    assert months_after(start, months) >= start


@pytest.mark.parametrize("key", periods())
def test_a_rule_says_how_long_since_when_who_ends_it_and_why(key: str) -> None:
    rule = period(key)

    assert rule.source
    assert bool(rule.one_of) != bool(rule.by)
    assert bool(rule.days or rule.months) == bool(rule.since)
    assert not (rule.days and rule.months)
    assert rules_of(key)


def test_a_rule_without_a_length_has_no_end() -> None:
    with pytest.raises(ValueError, match="trail has no length"):
        period("trail").over_at(datetime(2024, 1, 1, tzinfo=UTC))


def test_what_the_housekeeping_ends_goes_by_the_same_file() -> None:
    ended = {key: timedelta(days=rule.days) for key, rule in periods().items() if rule.by is EndedBy.HOUSEKEEPING}

    assert ended == {"invitation": KEEP_INVITATIONS, "sign_in_code": KEEP_CODES, "form_token": KEEP_FORM_TOKENS}
    assert timedelta(days=period("idle_draft").days) == IDLE_DRAFT_LASTS


def test_what_the_mail_of_a_withdrawal_says_is_what_the_file_says() -> None:
    told = f"We keep what you sent for {period('ended_application').months} months"

    assert all(told in page.read_text() for page in WITHDRAWN.glob("body.*"))


@pytest.mark.django_db
def test_the_public_page_says_the_periods_of_the_file() -> None:
    page = Client().get("/en/privacy/").content.decode()

    rows = {
        key: kept_words(key) for key in ("idle_draft", "ended_application", "course_paper", "cancellation", "money")
    }
    assert rows == {
        "idle_draft": "60 days after the last change, and not before the call closes",
        "ended_application": "12 months after it ended, or after the last message about it",
        "course_paper": "6 months after the course",
        "cancellation": "5 years after it came in",
        "money": "at least 6 years",
    }
    assert [words for words in rows.values() if f">{words}<" not in page] == []


def test_each_rule_that_the_sweep_ends_stands_in_words() -> None:
    swept = [key for key, rule in periods().items() if rule.by is EndedBy.SWEEP]

    assert all(data_words(key) and kept_words(key) for key in swept)
