"""Whether a line is on file already, where its identity does not say so: the same, perhaps the same, or another one.

Told beside the lines of its day that other files brought and that its own file does not repeat. What nobody can know
is never simply new, since it may count twice, and never simply known, since it may be lost: a person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chancery.domain.billing.states import Contest


class Answer(StrEnum):
    """What a line is beside those on file."""

    NEW = "new"
    KNOWN = "known"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class DayLine:
    """A line of a day, on file or to be told apart; minor units.

    ``key`` is whatever the caller knows it by, ``reference`` blank where the bank gave none that says something.
    ``start_minor`` is the balance with which its statement lets the day begin; None where that is not told, or the
    statement does not add up.
    """

    key: int
    amount_minor: int
    currency: str
    texts: tuple[str, ...]
    reference: str
    start_minor: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and the line on file that it is about; ``why`` where a person decides."""

    answer: Answer
    line: DayLine | None = None
    why: Contest | None = None

    @property
    def uses_line_up(self) -> bool:
        """Whether the line on file stands for this one only, and not for the next one as well."""
        return self.answer is Answer.KNOWN or self.why is Contest.ALIKE


def tell_apart(line: DayLine, beside: Sequence[DayLine]) -> Verdict:
    """Tell whether a line that no identity knows is one of those on file that its own file does not repeat."""
    alike = [each for each in beside if _is_alike(line, each)]
    if same := next((each for each in alike if _begins_alike(line, each)), None):
        return Verdict(Answer.KNOWN, same)
    if alike:
        return Verdict(Answer.CONTESTED, alike[0], Contest.ALIKE)
    if one := _nearest(line, (each for each in beside if _shares_reference(line, each))):
        return Verdict(Answer.CONTESTED, one, Contest.SAME_REFERENCE)
    if one := _nearest(line, (each for each in beside if _begins_alike(line, each) and not _differs(line, each))):
        return Verdict(Answer.CONTESTED, one, Contest.DAY_DIFFERS)
    return Verdict(Answer.NEW)


def tell_count(line: DayLine, same: DayLine, *, repeats_more: bool) -> Verdict:
    """Tell whether a line is the one on file that was counted as it was.

    ``repeats_more``: its file begins on an earlier day, repeats lines of another kind too, or is the same statement;
    this tells where no balance does.
    """
    if line.start_minor is None or same.start_minor is None:
        is_same = repeats_more
    else:
        is_same = line.start_minor == same.start_minor
    return Verdict(Answer.KNOWN, same) if is_same else Verdict(Answer.CONTESTED, same, Contest.ALIKE)


def _is_alike(line: DayLine, other: DayLine) -> bool:
    told, known = (line.amount_minor, line.currency, line.texts), (other.amount_minor, other.currency, other.texts)
    return told == known and not _differs(line, other)


def _begins_alike(line: DayLine, other: DayLine) -> bool:
    return line.start_minor is not None and line.start_minor == other.start_minor


def _shares_reference(line: DayLine, other: DayLine) -> bool:
    """Whether two sums stand under one reference, as where a batch is told once as a sum and once by its items."""
    return bool(line.reference) and line.reference == other.reference and _goes_in(line) == _goes_in(other)


def _differs(line: DayLine, other: DayLine) -> bool:
    return bool(line.reference and other.reference) and line.reference != other.reference


def _goes_in(line: DayLine) -> bool:
    return line.amount_minor >= 0


def _nearest(line: DayLine, found: Iterable[DayLine]) -> DayLine | None:
    return min(found, key=lambda each: each.amount_minor != line.amount_minor, default=None)
