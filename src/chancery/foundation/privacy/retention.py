"""How long personal data is kept, read from ``retention.toml``: the one truth of models, sweep, pages and docs."""

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "retention.toml"
MONTHS_OF_A_YEAR = 12


class Since(StrEnum):
    """What the time runs from."""

    LAST_USE = "last use"
    END_OF_USE = "end of use"
    LAST_CHANGE = "last change"
    END_OF_APPLICATION = "end of the application"
    END_OF_COURSE = "end of the course"
    ISSUE = "issue"
    ARRIVAL = "arrival"
    SENDING = "sending"
    MAKING = "making"


class EndedBy(StrEnum):
    """Who ends it when the time is over."""

    SWEEP = "sweep"
    HOUSEKEEPING = "housekeeping"
    OWNER = "owner"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Period:
    """One rule; ``one_of`` names the rules of which one applies to a row, and has no length itself."""

    key: str
    source: str
    days: int = 0
    months: int = 0
    since: Since | None = None
    by: EndedBy | None = None
    one_of: tuple[str, ...] = ()

    def over_at(self, start: datetime) -> datetime:
        """Return when the time is over that runs from ``start``; the last day of a shorter month stands for its end.

        :raises ValueError: when the rule has no length.
        """
        if not self.days and not self.months:
            raise ValueError(f"{self.key} has no length")
        return months_after(start, self.months) + timedelta(days=self.days)


def months_after(start: datetime, months: int) -> datetime:
    """Return the same day and hour some months later, or the last day of a month that is shorter."""
    year, month = divmod(start.year * MONTHS_OF_A_YEAR + start.month - 1 + months, MONTHS_OF_A_YEAR)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


@cache
def periods() -> dict[str, Period]:
    """Return all rules by key, in the order of the file."""
    tables = tomllib.loads(files(__package__).joinpath(FILE).read_text("utf-8"))
    return {key: _period(key, table) for key, table in tables.items()}


def period(key: str) -> Period:
    """Return one rule.

    :raises KeyError: when the file has no such key.
    """
    return periods()[key]


def rules_of(key: str) -> list[Period]:
    """Return the rules with a length of their own that a key stands for."""
    rule = period(key)
    return [each for part in rule.one_of for each in rules_of(part)] if rule.one_of else [rule]


def _period(key: str, table: dict[str, Any]) -> Period:
    since, by = table.pop("since", None), table.pop("by", None)
    return Period(
        key=key,
        since=Since(since) if since else None,
        by=EndedBy(by) if by else None,
        one_of=tuple(table.pop("one_of", ())),
        **table,
    )
