"""Days in a time zone: where a local day begins, and which days people work."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def day_start(day: date, zone: tzinfo) -> datetime:
    """Return the first instant of a local day, in ``zone``.

    Where clocks jump over midnight, the day begins at the first instant that exists.
    """
    midnight = datetime.combine(day, time(), tzinfo=zone)
    existing = midnight.astimezone(UTC).astimezone(zone)
    if existing.date() >= day:
        return existing
    # PEP 495: fold=0 reads a skipped wall time with the offset before the jump, which may fall on the eve.
    return midnight.replace(fold=1).astimezone(UTC).astimezone(zone)


def day_end(day: date, zone: tzinfo) -> datetime:
    """Return the exclusive end of a local day: the first instant of the next one."""
    return day_start(day + ONE_DAY, zone)


def last_second_before(cut: datetime) -> datetime:
    """Return the last whole second before an exclusive cut, as people print a deadline."""
    return (cut.astimezone(UTC) - timedelta(seconds=1)).astimezone(cut.tzinfo)


def last_second_of(day: date, zone: tzinfo) -> datetime:
    """Return the last second of a local day: the deadline of what is due on it."""
    return last_second_before(day_end(day, zone))


def last_second_in_working_days(instant: datetime, count: int, zone: tzinfo) -> datetime:
    """Return the last second of the ``count``-th working day after an instant; its own local day never counts.

    :raises ValueError: when ``count`` is negative.
    """
    return last_second_of(working_day_after(local_day(instant, zone), count), zone)


def is_by(instant: datetime, last_second: datetime) -> bool:
    """Tell whether an instant is in time for a deadline as people print it; fractions of its last second are."""
    return instant < last_second + timedelta(seconds=1)


def last_deadline_over(instant: datetime) -> datetime:
    """Return the latest deadline that is over at an instant, as :func:`is_by`; for queries.

    A deadline up to it (``__lte``) is over, a later one (``__gt``) still runs.
    """
    return instant - timedelta(seconds=1)


def local_day(instant: datetime, zone: tzinfo) -> date:
    """Return the day that the calendar of ``zone`` shows at an instant."""
    return instant.astimezone(zone).date()


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Tell whether people work on ``day``: no Saturday, no Sunday, no day of ``holidays``."""
    return day.weekday() < SATURDAY and day not in holidays


def working_day_after(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """Return the ``count``-th working day after ``day``, which itself never counts.

    :raises ValueError: when ``count`` is negative.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day, holidays)
    return day
