"""Names of people and of the course, as people write them: any order, any accents, a slip of the pen."""

from collections.abc import Iterable, Sequence
from itertools import islice

from rapidfuzz import fuzz

from chancery.domain.enrollment.readers.plain import Token, alike, plain, tokens
from chancery.domain.enrollment.readers.words import CONNECTORS, COURSE_NOUNS, PARTICLES

BETWEEN = 2  # words of no name that may stand between the words of one: a second name, an initial
NEARLY = 88  # of 100
MOST_TRIED = 1_000  # words of a name that a letter may say without naming the person; what comes behind is not read
ENOUGH = 3  # words of a course's name that name it, whichever they are


def person_line(text: str, name: str) -> int | None:
    """Return the line on which the person is named by name and surname, or None."""
    if _is_unspaced(name):
        return _line_of_unspaced(text, name)
    wanted = [token.word for token in tokens(name) if token.word not in PARTICLES]
    if not wanted:
        return None
    found = tokens(text)
    wide = len(wanted) + BETWEEN
    theirs = {each for each in {token.word for token in found} if any(alike(each, word) for word in wanted)}
    starts = (at for at, token in enumerate(found) if token.word in theirs)
    for at in islice(starts, MOST_TRIED):
        if _names_person([each.word for each in found[at : at + wide]], wanted):
            return found[at].line
    return None


def course_line(text: str, names: Iterable[str], *, is_labelled: bool = False) -> int | None:
    """Return the line on which the course is named by a distinctive part of one of its names, or None."""
    for name in names:
        wanted = [token.word for token in tokens(name) if token.word not in CONNECTORS]
        for run in _runs(tokens(text), wanted):
            if is_labelled or _names_course(run, wanted):
                return run[0].line
    return None


def nearly_named(value: str, name: str) -> bool:
    """Tell whether a labelled value is the person's name but for slips."""
    return fuzz.token_sort_ratio(plain(value), plain(name)) >= NEARLY


def _names_person(window: Sequence[str], wanted: Sequence[str]) -> bool:
    """Name and surname: all words of a short name; of a longer one the first and another, or all but one."""
    left = list(window)
    met = []
    for word in wanted:
        same = next((each for each in left if alike(each, word)), None)
        if same is not None:
            left.remove(same)
            met.append(word)
    if len(wanted) <= 2:
        return len(met) == len(wanted)
    return len(met) >= 2 and (wanted[0] in met or len(met) >= len(wanted) - 1)


def _runs(found: Sequence[Token], wanted: Sequence[str]) -> list[list[Token]]:
    """Return the stretches of a text that hold words of the name and nothing else but connecting words."""
    runs: list[list[Token]] = []
    run: list[Token] = []
    for token in found:
        goes_on = not run or token.phrase == run[-1].phrase
        if any(alike(token.word, word) for word in wanted):
            if not goes_on:
                runs.append(run)
                run = []
            run.append(token)
        elif run and (not goes_on or token.word not in CONNECTORS):
            runs.append(run)
            run = []
    return [*runs, run] if run else runs


def _names_course(run: Sequence[Token], wanted: Sequence[str]) -> bool:
    met = {word for word in wanted if any(alike(token.word, word) for token in run)}
    if len(met) < 2:
        return len(wanted) == 1 and len(met) == 1
    telling = wanted[0] in met or any(alike(word, noun) for word in met for noun in COURSE_NOUNS)
    return telling or len(met) >= ENOUGH


def _is_unspaced(name: str) -> bool:
    """Tell whether a name is written in a script that puts no spaces between words."""
    return any(ord(each) >= 0x2E80 or 0x0E00 <= ord(each) <= 0x0EFF or 0x1780 <= ord(each) <= 0x17FF for each in name)


def _line_of_unspaced(text: str, name: str) -> int | None:
    wanted = "".join(plain(name).split())
    for number, line in enumerate(text.split("\n")):
        if wanted and wanted in "".join(plain(line).split()):
            return number
    return None
