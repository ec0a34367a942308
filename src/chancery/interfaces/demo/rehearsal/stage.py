"""What the scenes of a rehearsal share."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from chancery.domain.admissions.models import Application, Decision
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.ruling import Refused
from chancery.interfaces.demo.acts import at
from chancery.interfaces.demo.rehearsal.people import Fate, Guest
from chancery.journey.settle import ImportReport


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that have to be the same, and whether they are."""

    name: str
    holds: bool
    detail: str


def same(name: str, wanted: object, found: object) -> Check:
    """Return the check that two figures are the same, with both in words where they are not."""
    return Check(name, wanted == found, str(found) if wanted == found else f"{wanted} and {found} are not the same")


@dataclass(frozen=True, slots=True)
class Step:
    """A scene and how long it took, with the worker's sweeps."""

    title: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a rehearsal did and what does not add up."""

    people: int
    seed: int
    counts: dict[str, dict[str, int]]
    checks: list[Check]
    steps: list[Step]

    @property
    def broken(self) -> list[Check]:
        """The checks that do not hold."""
        return [check for check in self.checks if not check.holds]


@dataclass(slots=True)
class Stage:
    """The guests, their files, what was refused as it should be, and the statements taken in."""

    guests: Sequence[Guest]
    dice: random.Random
    files: dict[str, Application] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    statements: list[ImportReport] = field(default_factory=list)
    paid_by: dict[str, str] = field(default_factory=dict)  # bank reference to the guest it is from
    last_instant: datetime | None = None

    @property
    def edition(self) -> Edition:
        """The edition that is rehearsed."""
        return Edition.objects.select_related("programme").get(slug="metropolis-2024")

    @property
    def sent(self) -> list[Guest]:
        """Who sends an application."""
        return [guest for guest in self.guests if guest.part.fate is not Fate.DRAFT]

    @property
    def judged(self) -> list[Guest]:
        """Whose application stays with the office until there is a decision."""
        return [guest for guest in self.sent if guest.part.fate is not Fate.WITHDRAWN]

    @contextmanager
    def at(self, day: str, time: str = "10:00") -> Iterator[datetime]:
        """Live at a day of 2024 and a time in Barcelona."""
        with at(day, time) as now:
            self.last_instant = now
            yield now

    def sweep_at_last_instant(self, sweep: Callable[[], None]) -> None:
        """Let the worker do what is due when the scene ends."""
        if self.last_instant is not None:
            with clock.travel(self.last_instant):
                sweep()

    @contextmanager
    def refusal_expected(self, kind: type[Refused]) -> Iterator[None]:
        """Count an act that the rules refuse; an act that goes through is counted as a hole."""
        try:
            yield
        except kind as refused:
            self.refused[type(refused).__name__] += 1
        else:
            self.refused[f"NOT REFUSED: {kind.__name__}"] += 1
