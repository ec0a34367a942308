"""Find the four facts of a cancellation notice (promise C2) in the words of a mail.

The writer's own words are read first, then what they quoted; a reply quotes our own mail, so what stands only there
is shown as doubtful. As contact counts a telephone number, an address, an e-mail address or the From header.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from chancery.domain.enrollment.readers.days import names_day, names_day_without_year
from chancery.domain.enrollment.readers.names import course_line, nearly_named, person_line
from chancery.domain.enrollment.readers.plain import line_of, plain
from chancery.domain.enrollment.readers.words import (
    LABELS_OF_CONTACT,
    LABELS_OF_COURSE,
    LABELS_OF_DAY,
    LABELS_OF_NAME,
    OUR_SUBJECTS,
)
from chancery.domain.enrollment.states import FoundIn, NoticeItem
from chancery.foundation.mail.reading import ReadMail

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])(?:\+|00|\()?\d[\d\s().\-/]{6,18}\d(?![\w])")
FEWEST_FIGURES = 8


@dataclass(frozen=True, slots=True)
class LookedFor:
    """What a notice must name: the course by any of its names, the person by any form of theirs, the day.

    A place that took another one's place has the day of either.
    """

    course_names: tuple[str, ...]
    student_names: tuple[str, ...]
    registered_on: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One of the four facts: where it stands (None: nowhere) and in which words."""

    item: NoticeItem
    where: FoundIn | None
    words: str = ""


def find_items(looked_for: LookedFor, *, own: str, quoted: str, sender: str) -> tuple[Found, ...]:
    """Return the four facts in the order of the promise; ``sender`` is the address of the From header."""
    finders: dict[NoticeItem, Callable[[str], str | None]] = {
        NoticeItem.COURSE_NAME: lambda text: _course(text, looked_for.course_names),
        NoticeItem.STUDENT_NAME: lambda text: _person(text, looked_for.student_names),
        NoticeItem.REGISTRATION_DATE: lambda text: _any_day(text, looked_for.registered_on),
        NoticeItem.CONTACT: _contact,
    }
    found = [_find(item, finder, own, quoted) for item, finder in finders.items()]
    if found[-1].where is not FoundIn.OWN and _ADDRESS.fullmatch(sender.strip()):
        found[-1] = Found(NoticeItem.CONTACT, FoundIn.OWN, sender.strip())
    return tuple(found)


def read_letter(looked_for: LookedFor, letter: ReadMail) -> tuple[Found, ...]:
    """Return the four facts of a letter; its subject counts as own words unless it is that of our mail."""
    own = f"{own_subject(letter.subject)}\n{letter.own_text}"
    return find_items(looked_for, own=own, quoted=f"{letter.subject}\n{letter.quoted_text}", sender=letter.sender)


def missing_in(found: Iterable[Found]) -> tuple[NoticeItem, ...]:
    """Return the facts that do not stand in the writer's own words."""
    return tuple(each.item for each in found if each.where is not FoundIn.OWN)


def own_subject(subject: str) -> str:
    """Return the subject where it is the writer's own, blank where it is that of our mail."""
    bare = " ".join(plain(subject).split())
    return "" if any(ours in bare for ours in OUR_SUBJECTS) else subject


def _find(item: NoticeItem, finder: Callable[[str], str | None], own: str, quoted: str) -> Found:
    for where, text in ((FoundIn.OWN, own), (FoundIn.QUOTED, quoted)):
        words = finder(text)
        if words is not None:
            return Found(item, where, words)
    return Found(item, None)


def _course(text: str, names: tuple[str, ...]) -> str | None:
    line = course_line(text, names)
    if line is not None:
        return line_of(text, line)
    labelled = _values(text, LABELS_OF_COURSE)
    return next((value for value in labelled if course_line(value, names, is_labelled=True) is not None), None)


def _person(text: str, names: tuple[str, ...]) -> str | None:
    lines = (person_line(text, name) for name in names if name)
    line = next((line for line in lines if line is not None), None)
    if line is not None:
        return line_of(text, line)
    labelled = _values(text, LABELS_OF_NAME)
    return next((value for value in labelled if any(nearly_named(value, name) for name in names)), None)


def _any_day(text: str, days: Iterable[date]) -> str | None:
    return next(filter(None, (_day(text, each) for each in days)), None)


def _day(text: str, day: date) -> str | None:
    lines = plain(text).split("\n")
    broken = [" ".join(pair) for pair in pairwise(lines)]  # a day over the end of a line
    for number, line in [*enumerate(lines), *enumerate(broken)]:
        if names_day(line, day):
            return line_of(text, number)
    labelled = _values(text, LABELS_OF_DAY)
    return next((value for value in labelled if names_day_without_year(plain(value), day)), None)


def _contact(text: str) -> str | None:
    if address := _ADDRESS.search(text):
        return address[0]
    for phone in _PHONE.finditer(text):
        if sum(each.isdigit() for each in phone[0]) >= FEWEST_FIGURES and not re.search(
            r"\d[./-]\d{1,2}[./-]", phone[0]
        ):
            return phone[0].strip()
    return next((value for value in _values(text, LABELS_OF_CONTACT) if len(value) >= FEWEST_FIGURES), None)


def _values(text: str, labels: Iterable[str]) -> list[str]:
    """Return what stands behind the labels, each on a line of its own."""
    known = set(labels)
    values = []
    for line in text.split("\n"):
        label, mark, value = line.replace("\uff1a", ":").partition(":")
        if mark and " ".join(plain(label).strip(" -*·•>").split()) in known and value.strip():
            values.append(value.strip())
    return values
