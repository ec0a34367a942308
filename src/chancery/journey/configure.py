"""The step of changing an edition's values: first whom it touches, then the change, never below the seats taken.

Rows of its lists likewise: a question's key keeps its meaning, and what readers score by stays while they do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.uses import chosen_options, count_answers, count_scores
from chancery.domain.admissions.services.moving import lock_applications
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.invoices import HAS_OPEN
from chancery.domain.enrollment.queries import count_seats
from chancery.domain.enrollment.services.places import lock_seats
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import find_earlier_question
from chancery.domain.programme.readers.rows import Row, list_rows
from chancery.domain.programme.services import Draft, Loaded, draft_changes, draft_rows
from chancery.domain.programme.services import change_rows as write_rows
from chancery.domain.programme.services import change_settings as write_settings
from chancery.foundation.audit.actors import Actor
from chancery.foundation.ruling import Refused, refusal

CAPACITY = "edition.capacity"
QUESTION, CRITERION = "question", "criterion"


class SeatsTaken(Refused):
    """More seats are taken or offered than the wanted capacity has."""

    def __init__(self, taken: int) -> None:
        """Keep how many."""
        self.taken = taken
        super().__init__(refusal("seats_taken"))


class OptionInUse(Refused):
    """Somebody who sent an application chose an answer that would leave."""


class RowInUse(Refused):
    """A question of that key asked something else before, or readers score by the criteria as they are."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom other values would find where: how many keep what they had, how many will see the new."""

    keep_terms: int
    drafts: int
    open_bills: int


@dataclass(frozen=True, slots=True)
class SettingsPlan:
    """What would change and whom it touches; nothing is written."""

    draft: Draft
    touched: Touched


@dataclass(frozen=True, slots=True)
class RowsPlan:
    """What would change in a list, whom it touches, and how many answered each question that would leave."""

    draft: Draft
    touched: Touched
    answered: Mapping[str, int]


def count_touched(edition: Edition) -> Touched:
    """Return how many applications keep their frozen terms, how many drafts will see new ones, and open bills."""
    applications = Application.objects.filter(edition=edition)
    return Touched(
        keep_terms=applications.exclude(terms=None).count(),
        drafts=applications.filter(state=ApplicationState.DRAFT).count(),
        open_bills=Invoice.objects.filter(HAS_OPEN, edition=edition).count(),
    )


def plan_settings(edition: Edition, wanted: Mapping[str, Any]) -> SettingsPlan:
    """Return what would change; changes nothing.

    :raises SeatsTaken: when the capacity would fall below the seats that are taken or offered.
    :raises OptionInUse: when an answer would leave that somebody has chosen and sent.
    :raises chancery.domain.programme.services.SettingsUnchanged: when no value differs.
    :raises chancery.domain.programme.readers.EditionRefused: when the values hold errors.
    """
    draft = draft_changes(edition, wanted)
    seats = count_seats(edition)
    _check_seats(wanted, seats.taken + seats.held)
    _check_options(draft, edition)
    return SettingsPlan(draft, count_touched(edition))


@transaction.atomic
def change_settings(
    *, edition_id: int, seen: int, wanted: Mapping[str, Any], accepted: bool, actor: Actor, now: datetime
) -> Loaded:
    """Write other values into the edition; seats are locked first, so that none is taken meanwhile.

    Answers to choose from change with the edition's applications locked, so that none is sent meanwhile.

    :raises SeatsTaken: as :func:`plan_settings`, and what its service raises.
    :raises OptionInUse: as :func:`plan_settings`.
    """
    if any(name.endswith(".options") for name in wanted):
        lock_applications(edition_id)
        edition = Edition.objects.get(pk=edition_id)
        _check_options(draft_changes(edition, wanted), edition)
    if CAPACITY in wanted:
        counter = lock_seats(Edition.objects.get(pk=edition_id))
        _check_seats(wanted, counter.taken + counter.held)
    return write_settings(edition_id=edition_id, seen=seen, wanted=wanted, accepted=accepted, actor=actor, now=now)


def plan_rows(edition: Edition, table: str, rows: Sequence[Row]) -> RowsPlan:
    """Return what would change in a list, and how many people answered a question that would leave; changes nothing.

    :raises RowInUse: see :func:`change_rows`.
    :raises chancery.domain.programme.services.SettingsUnchanged: when the list is the same.
    :raises chancery.domain.programme.readers.EditionRefused: when a new row holds errors.
    """
    draft = draft_rows(edition, table, rows)
    before, after = list_rows(draft.before, table), list_rows(draft.file, table)
    _check_use(draft, edition, table, before, after)
    gone = [key for key in before if key not in after] if table == QUESTION else []
    return RowsPlan(draft, count_touched(edition), {key: count_answers(edition, key) for key in gone})


@transaction.atomic
def change_rows(
    *, edition_id: int, seen: int, table: str, rows: Sequence[Row], accepted: bool, actor: Actor, now: datetime
) -> Loaded:
    """Write the rows of a list in another order, some gone or new.

    Criteria are changed with the edition's applications locked: a judgement that is being sent waits, and is then held
    against the new ones.

    :raises RowInUse: ``key_asked_else`` for a new question whose key asked something else in the edition before;
        ``readers_score`` for a criterion that comes or leaves while assessments are in.
    """
    if table == CRITERION:
        lock_applications(edition_id)
    plan_rows(Edition.objects.get(pk=edition_id), table, rows)
    return write_rows(edition_id=edition_id, seen=seen, table=table, rows=rows, accepted=accepted, actor=actor, now=now)


def _check_options(draft: Draft, edition: Edition) -> None:
    offered = {question.key: {option.key for option in question.options} for question in draft.file.questions}
    for question in draft.before.questions:
        gone = {option.key for option in question.options} - offered.get(question.key, set())
        if gone and gone & chosen_options(edition, question.key):
            raise OptionInUse(refusal("option_chosen"))


def _check_use(draft: Draft, edition: Edition, table: str, before: Sequence[str], after: Sequence[str]) -> None:
    if table == QUESTION:
        for asked in draft.file.questions:
            earlier = None if asked.key in before else find_earlier_question(edition, asked.key)
            if earlier and not asked.asks_the_same(earlier):
                raise RowInUse(refusal("key_asked_else"))
    if table == CRITERION and set(before) != set(after) and count_scores(edition):
        raise RowInUse(refusal("readers_score"))


def _check_seats(wanted: Mapping[str, Any], taken: int) -> None:
    capacity = wanted.get(CAPACITY)
    if isinstance(capacity, int) and capacity < taken:
        raise SeatsTaken(taken)
