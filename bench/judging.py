"""How well matching does on lines whose truth is known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.transfers import Line, Season
from chancery.domain.billing.matching import Book, Match, after_booking, weigh


@dataclass(slots=True)
class Score:
    """Counts over lines; ``missed`` by kind of line."""

    lines: int = 0
    matchable: int = 0
    found: int = 0
    booked: int = 0
    wrongly_booked: list[Line] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def share_found(self) -> float:
        """The share of the lines that can be matched and were booked, or have the right bill first."""
        return self.found / self.matchable


def judge(seasons: Iterable[Season]) -> Score:
    """Match every line, in the order of its statement, and compare with the truth."""
    score = Score()
    for season in seasons:
        for line in season.lines:
            _count(line, _match(line, season.book), score)
    return score


def _match(line: Line, book: Book) -> Match:
    match = weigh(line.facts, book)
    if match.is_booked and match.invoice:
        book.put(after_booking(match.invoice, line.facts.amount_cents))
    return match


def _count(line: Line, match: Match, score: Score) -> None:
    score.lines += 1
    score.booked += match.is_booked
    booked = frozenset({match.invoice.key}) if match.is_booked and match.invoice else frozenset()
    if match.is_booked and booked != line.truth:
        score.wrongly_booked.append(line)
    if not line.truth:
        return
    score.matchable += 1
    first = frozenset(part.bill.key for part in match.candidates[0].parts) if match.candidates else frozenset()
    if line.truth in (booked, first):
        score.found += 1
    else:
        score.missed[line.kind] += 1
