"""Days in a time zone, also where clocks jump."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundation.calendar import (
    day_end,
    day_start,
    is_by,
    is_working_day,
    last_deadline_over,
    last_second_before,
    last_second_in_working_days,
    local_day,
    working_day_after,
)

ZONES = ["Europe/Madrid", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Pacific/Apia", "Asia/Kolkata", "UTC"]
days = st.dates(min_value=date(1995, 1, 1), max_value=date(2035, 12, 31))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        pytest.param(date(2024, 10, 19), "Europe/Madrid", "2024-10-18T22:00:00+00:00", id="summer time in Madrid"),
        pytest.param(date(2024, 11, 18), "Europe/Madrid", "2024-11-17T23:00:00+00:00", id="winter time in Madrid"),
        pytest.param(date(2024, 10, 27), "Europe/Madrid", "2024-10-26T22:00:00+00:00", id="the day clocks go back"),
        pytest.param(date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00+00:00", id="midnight does not exist"),
    ],
)
def test_a_local_day_begins_at_its_first_instant(day: date, zone: str, expected: str) -> None:
    assert day_start(day, ZoneInfo(zone)).astimezone(UTC).isoformat() == expected


@given(days, zones)
def test_the_start_of_a_day_belongs_to_it_and_the_second_before_does_not(day: date, zone: ZoneInfo) -> None:
    if (zone.key, day) == ("Pacific/Apia", date(2011, 12, 30)):
        return  # Samoa left this day out when it crossed the date line
    start = day_start(day, zone)

    assert local_day(start, zone) == day
    assert local_day(last_second_before(start), zone) < day


@given(days, zones)
def test_a_day_ends_where_the_next_one_begins(day: date, zone: ZoneInfo) -> None:
    assert day_end(day, zone) > day_start(day, zone) or zone.key == "Pacific/Apia"


def test_the_last_second_before_a_cut_is_shown_in_the_same_zone() -> None:
    cut = datetime(2024, 10, 19, tzinfo=ZoneInfo("Europe/Madrid"))

    assert last_second_before(cut).isoformat() == "2024-10-18T23:59:59+02:00"


@pytest.mark.parametrize(
    ("instant", "zone", "expected"),
    [
        pytest.param("2024-10-17T21:30+00:00", "Europe/Madrid", "2024-10-21T23:59:59+02:00", id="Thursday night"),
        pytest.param(
            "2024-10-17T22:30+00:00", "Europe/Madrid", "2024-10-22T23:59:59+02:00", id="Friday has begun there"
        ),
        pytest.param(
            "2024-10-24T10:00+00:00", "Europe/Madrid", "2024-10-28T23:59:59+01:00", id="clocks go back between"
        ),
        pytest.param(
            "2018-11-01T12:00+00:00", "America/Sao_Paulo", "2018-11-05T23:59:59-02:00", id="no midnight between"
        ),
    ],
)
def test_what_is_due_in_two_working_days_is_due_to_the_end_of_the_day_there(
    instant: str, zone: str, expected: str
) -> None:
    assert last_second_in_working_days(datetime.fromisoformat(instant), 2, ZoneInfo(zone)).isoformat() == expected


@given(st.integers(min_value=-3_000_000, max_value=3_000_000))
def test_a_query_and_a_question_agree_on_what_is_in_time(microseconds: int) -> None:
    deadline = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)
    instant = deadline + timedelta(microseconds=microseconds)

    assert is_by(instant, deadline) is (microseconds < 1_000_000)
    assert is_by(instant, deadline) is (deadline > last_deadline_over(instant))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        pytest.param(date(2024, 10, 21), 5, date(2024, 10, 28), id="a Monday plus five leaps a weekend"),
        pytest.param(date(2024, 10, 20), 5, date(2024, 10, 25), id="a Sunday counts from Monday"),
        pytest.param(date(2024, 10, 18), 1, date(2024, 10, 21), id="a Friday plus one is Monday"),
        pytest.param(date(2024, 10, 21), 0, date(2024, 10, 21), id="nothing to count"),
    ],
)
def test_working_days_leave_out_weekends(day: date, count: int, expected: date) -> None:
    assert working_day_after(day, count) == expected


def test_a_holiday_is_no_working_day() -> None:
    assert working_day_after(date(2024, 10, 31), 1, holidays={date(2024, 11, 1)}) == date(2024, 11, 4)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        working_day_after(date(2024, 10, 21), -1)


@given(days, st.integers(min_value=1, max_value=60))
def test_the_day_reached_is_always_a_working_day(day: date, count: int) -> None:
    assert is_working_day(working_day_after(day, count))
