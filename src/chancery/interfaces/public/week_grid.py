"""The week as a picture: where each session stands on a grid of days and hours."""

from dataclasses import dataclass
from datetime import date, timedelta

from chancery.domain.programme.models import Edition
from chancery.interfaces.public.tracing import ShownSession

HEAD, MARGIN, DAY_WIDTH, HOUR_HEIGHT = 28, 52, 160, 34
GAP = 4


@dataclass(frozen=True, slots=True)
class Block:
    """A session on the grid, in units of the picture."""

    session: ShownSession
    x: int
    y: int
    width: int
    height: int

    @property
    def text_y(self) -> int:
        """Where the key stands."""
        return self.y + 18


@dataclass(frozen=True, slots=True)
class DayHead:
    """The head of a column."""

    day: date
    x: int


@dataclass(frozen=True, slots=True)
class HourLine:
    """A line of the grid with its hour."""

    label: str
    y: int


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """The picture's parts and size."""

    days: tuple[DayHead, ...]
    hours: tuple[HourLine, ...]
    blocks: tuple[Block, ...]
    width: int
    height: int


def week_grid(edition: Edition, sessions: list[ShownSession]) -> WeekGrid | None:
    """Return the grid of the edition's own days; None where no session of these days has its hours."""
    first = edition.starts_on
    count = (edition.ends_on - first).days + 1
    dated = [each for each in sessions if each.day and first <= each.day <= edition.ends_on and each.ends_at]
    if not dated:
        return None
    opening = min(each.starts_at.hour for each in dated if each.starts_at)
    closing = max(each.ends_at.hour + (each.ends_at.minute > 0) for each in dated if each.ends_at)
    return WeekGrid(
        days=tuple(DayHead(first + timedelta(days=at), MARGIN + at * DAY_WIDTH) for at in range(count)),
        hours=tuple(
            HourLine(f"{hour:02}:00", HEAD + (hour - opening) * HOUR_HEIGHT) for hour in range(opening, closing + 1)
        ),
        blocks=tuple(block for each in dated if (block := _block(each, first, opening))),
        width=MARGIN + count * DAY_WIDTH,
        height=HEAD + (closing - opening) * HOUR_HEIGHT + GAP,
    )


def _block(session: ShownSession, first: date, opening: int) -> Block | None:
    if session.starts_at is None or session.ends_at is None:
        return None
    minutes = (session.starts_at.hour - opening) * 60 + session.starts_at.minute
    length = int((session.ends_at - session.starts_at).total_seconds() // 60)
    return Block(
        session,
        x=MARGIN + (session.starts_at.date() - first).days * DAY_WIDTH,
        y=HEAD + minutes * HOUR_HEIGHT // 60,
        width=DAY_WIDTH - GAP,
        height=length * HOUR_HEIGHT // 60 - GAP // 2,
    )
