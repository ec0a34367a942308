"""The terms that are frozen on an application, and the dates that follow from them (B1, B5, C3, C4)."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.programme.policies import (
    CLOSED,
    NOT_OPEN_YET,
    GroupScope,
    InvoiceWhen,
    OnLeaver,
    RefundBoundary,
    TermsRule,
    application_window,
    first_answer_due,
    invoice_due_on,
    is_refundable,
    last_refundable_instant,
    refund_cut,
    refund_due_on,
    terms_as_json,
    terms_from_json,
)

MADRID = ZoneInfo("Europe/Madrid")
START = date(2024, 11, 18)


def terms(**changes: Any) -> TermsRule:
    values: dict[str, Any] = {"currency": "EUR", "standard_minor": 150_000, "member_minor": 100_000}
    return TermsRule(**values | changes)


rates = st.decimals(min_value=0, max_value=1, places=4)
any_terms = st.builds(
    TermsRule,
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    standard_minor=st.just(150_000),
    member_minor=st.integers(min_value=0, max_value=150_000),
    demo=st.booleans(),
    reference_year=st.none() | st.integers(min_value=1990, max_value=2100),
    waiver_income_classes=st.sampled_from([("L",), ("L", "LM"), ()]),
    waiver_fiscal_year=st.none() | st.just("FY23"),
    waiver_share=rates,
    group_from=st.integers(min_value=2, max_value=9),
    group_rate=rates,
    group_scope=st.sampled_from(GroupScope),
    group_on_leaver=st.sampled_from(OnLeaver),
    days_before=st.integers(min_value=0, max_value=200),
    boundary=st.sampled_from(RefundBoundary),
    refund_rate=rates,
    invoice_due_days=st.integers(min_value=0, max_value=90),
    invoice_due_on=st.none() | st.dates(min_value=date(2024, 1, 1), max_value=date(2025, 1, 1)),
    invoice_when=st.sampled_from(InvoiceWhen),
)


@given(any_terms)
def test_terms_survive_storage_as_json(rule: TermsRule) -> None:
    assert terms_from_json(json.loads(json.dumps(terms_as_json(rule)))) == rule


def test_stored_terms_keep_their_shape() -> None:
    assert terms_as_json(terms(reference_year=2023, waiver_fiscal_year="FY23", invoice_due_on=date(2024, 11, 4))) == {
        "format": 1,
        "currency": "EUR",
        "standard_minor": 150_000,
        "member_minor": 100_000,
        "demo": False,
        "reference_year": 2023,
        "waiver_income_classes": ["L"],
        "waiver_fiscal_year": "FY23",
        "waiver_needs_contributions": False,
        "waiver_share": "1.00",
        "group_from": 2,
        "group_rate": "0.10",
        "group_scope": "declared",
        "group_stacks": False,
        "group_on_leaver": "keep",
        "days_before": 30,
        "boundary": "before",
        "refund_rate": "0.75",
        "refund_within_days": 30,
        "incomplete_keeps_time": True,
        "free_exit_days": 14,
        "withdrawal_days": 14,
        "visa_refusal_rate": "0.75",
        "substitution_allowed": True,
        "substitution_days_before": 0,
        "invoice_due_days": 14,
        "invoice_due_on": "2024-11-04",
        "invoice_when": "admission",
        "tolerance_minor": 0,
        "rounding": "half_up",
    }


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"format": 2}, id="a later format"),
        pytest.param({"format": 1, "colour": "red"}, id="an unknown term"),
    ],
)
def test_terms_of_another_shape_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="terms"):
        terms_from_json(document)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"member_minor": 150_001}, id="member rate above the standard rate"),
        pytest.param({"group_rate": Decimal("1.01")}, id="discount above the whole"),
        pytest.param({"waiver_share": Decimal(-1)}, id="negative waiver"),
        pytest.param({"group_from": 1}, id="group of one"),
        pytest.param({"rounding": "down"}, id="unknown rounding"),
    ],
)
def test_contradictory_terms_cannot_exist(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        terms(**changes)


@pytest.mark.parametrize(
    ("changes", "zone", "expected"),
    [
        pytest.param({}, "Europe/Madrid", "2024-10-18T23:59:59+02:00", id="thirty days before the week in Barcelona"),
        pytest.param({"boundary": RefundBoundary.ON}, "Europe/Madrid", "2024-10-19T23:59:59+02:00", id="day included"),
        pytest.param({"days_before": 0}, "Europe/Madrid", "2024-11-17T23:59:59+01:00", id="until the eve"),
        pytest.param({"days_before": 22}, "Europe/Madrid", "2024-10-26T23:59:59+02:00", id="before clocks go back"),
        pytest.param({"days_before": 21}, "Europe/Madrid", "2024-10-27T23:59:59+01:00", id="after clocks went back"),
        pytest.param({}, "America/Mexico_City", "2024-10-18T23:59:59-06:00", id="another city, its own midnight"),
    ],
)
def test_the_last_refundable_instant_is_the_eve_of_the_cut(changes: dict[str, Any], zone: str, expected: str) -> None:
    assert last_refundable_instant(START, terms(**changes), ZoneInfo(zone)).isoformat() == expected


@pytest.mark.parametrize(
    ("received", "in_time"),
    [
        pytest.param("2024-10-18T23:41:07+02:00", True, id="Camille, with minutes to spare"),
        pytest.param("2024-10-18T23:59:59.999+02:00", True, id="the last fraction of the last second"),
        pytest.param("2024-10-19T00:00:00+02:00", False, id="midnight is too late"),
        pytest.param("2024-10-18T17:05:00-06:00", False, id="Ximena, still the 18th at home"),
    ],
)
def test_the_cut_is_exclusive(received: str, in_time: bool) -> None:
    assert is_refundable(datetime.fromisoformat(received), START, terms(), MADRID) is in_time


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2035, 1, 1)), any_terms)
def test_the_printed_instant_is_refundable_and_the_next_second_is_not(start: date, rule: TermsRule) -> None:
    last = last_refundable_instant(start, rule, MADRID)

    assert is_refundable(last, start, rule, MADRID)
    assert not is_refundable(last.astimezone(UTC) + timedelta(seconds=1), start, rule, MADRID)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2035, 1, 1)), st.integers(min_value=0, max_value=100))
def test_more_notice_never_moves_the_cut_later(start: date, days: int) -> None:
    assert refund_cut(start, terms(days_before=days + 1), MADRID) < refund_cut(start, terms(days_before=days), MADRID)


def test_a_refund_is_due_calendar_days_after_the_request() -> None:
    received = datetime.fromisoformat("2024-10-18T23:41:07+02:00")

    assert refund_due_on(received, terms(), MADRID) == date(2024, 11, 17)


@pytest.mark.parametrize(
    ("admitted", "changes", "expected"),
    [
        pytest.param(date(2024, 10, 2), {}, date(2024, 10, 16), id="so many days after admission"),
        pytest.param(
            date(2024, 10, 28), {"invoice_due_on": date(2024, 11, 4)}, date(2024, 11, 4), id="not after the last day"
        ),
        pytest.param(date(2024, 11, 10), {}, date(2024, 11, 17), id="not after the eve of the start"),
        pytest.param(date(2024, 11, 18), {}, date(2024, 11, 18), id="admitted on the first day: the same day"),
    ],
)
def test_an_invoice_is_due_in_good_time(admitted: date, changes: dict[str, Any], expected: date) -> None:
    assert invoice_due_on(admitted, START, terms(**changes)) == expected


@given(st.dates(min_value=date(2024, 9, 1), max_value=date(2024, 11, 17)), any_terms)
def test_nobody_pays_after_the_course_began_nor_before_admission(admitted: date, rule: TermsRule) -> None:
    assert admitted <= invoice_due_on(admitted, START, rule) < START


@pytest.mark.parametrize(
    ("now", "reasons"),
    [
        pytest.param("2024-09-01T23:59:59+02:00", (NOT_OPEN_YET,), id="a second before opening"),
        pytest.param("2024-09-02T00:00:00+02:00", (), id="at opening"),
        pytest.param("2024-10-25T23:59:59.900+02:00", (), id="within the last second"),
        pytest.param("2024-10-26T00:00:00+02:00", (CLOSED,), id="at midnight"),
    ],
)
def test_applications_are_open_from_opening_through_the_last_second(now: str, reasons: tuple[str, ...]) -> None:
    ruling = application_window(
        opens_at=datetime(2024, 9, 2, tzinfo=MADRID),
        closes_at=datetime(2024, 10, 25, 23, 59, 59, tzinfo=MADRID),
        now=datetime.fromisoformat(now),
    )

    assert (ruling.allowed, ruling.reasons) == (not reasons, reasons)


def test_the_first_answer_is_due_by_the_calendar_of_the_edition() -> None:
    sunday_night_in_new_york = datetime.fromisoformat("2024-10-20T23:30:00-04:00")

    assert first_answer_due(sunday_night_in_new_york, 5, MADRID) == date(2024, 10, 28)
