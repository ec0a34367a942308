"""The desk list: a to-do list in the order of lateness, fast at any size.

Groups follow from whose turn it is: ours and past due, ours, theirs, ready to be given out, closed. The index
``application_turn`` holds all that groups, filters and their order need, so no list reads rows that it does not show.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery

from chancery.domain.admissions.models import Application, Assessment, DialogueEntry
from chancery.domain.admissions.policies.names import fold
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.network.models import IncomeClass, LocalAuthority
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import waiver_fiscal_year
from chancery.foundation.calendar import is_by, last_deadline_over
from chancery.foundation.search import matching

PAGE = 50
# Never the office's to see: drafts, and drafts that ended. What was sent and then let expire stays on the list.
UNSENT = Q(state=ApplicationState.DRAFT) | Q(state=ApplicationState.EXPIRED, submitted_at=None)
EXPORT_CHUNK = 500
NO_CLASS = "none"


class _RowCount(Subquery):
    """How many rows a query finds, as a value beside others of its kind."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class Group(StrEnum):
    """The groups of the desk list, in the order in which they are shown."""

    LATE = "late"
    TO_DO = "to do"
    READY = "ready"
    THEIR_TURN = "their turn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What a reader of the list asked for; blank means any. ``mine`` is an account's id."""

    text: str = ""
    stage: str = ""
    region: str = ""
    income: str = ""
    group: str = ""
    mine: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything has to be asked of each row: words, a region, a class, a person."""
        return bool(self.text or self.region or self.income or self.mine)

    @property
    def is_set(self) -> bool:
        """Whether the list is not the whole list."""
        return bool(self.narrows or self.stage or self.group)


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One page of the list: its rows by group, how many each group holds, and where one is."""

    rows: dict[Group, list[Application]]
    counts: dict[Group, int]
    number: int
    total: int = field(default=0)

    @property
    def last(self) -> int:
        """The number of the last page, from 1."""
        return max(1, -(-self.total // PAGE))

    @property
    def first_shown(self) -> int:
        """The position of the first row on this page, from 1; 0 when the list is empty."""
        return min((self.number - 1) * PAGE + 1, self.total)

    @property
    def last_shown(self) -> int:
        """The position of the last row on this page."""
        return min(self.number * PAGE, self.total)


def desk_page(edition: Edition, wanted: DeskFilter, *, number: int, now: datetime) -> DeskPage:
    """Return a page of the desk list in two queries: the counts of the groups, then the rows shown."""
    rows = filtered(edition, wanted)
    counts = _count_in_one_pass(rows, now) if wanted.narrows else _count_by_ranges(edition, rows, now)
    if wanted.group:
        counts = {group: n if group == wanted.group else 0 for group, n in counts.items()}
    total = sum(counts.values())
    number = min(max(number, 1), max(1, -(-total // PAGE)))
    return DeskPage(
        rows=_rows_of_page(rows, counts, (number - 1) * PAGE, now), counts=counts, number=number, total=total
    )


def filtered(edition: Edition, wanted: DeskFilter) -> QuerySet[Application]:
    """Return the applications of an edition that the filter lets through, drafts included, without order."""
    rows = Application.objects.filter(edition=edition)
    rows = rows.filter(state=wanted.stage) if wanted.stage else rows
    if wanted.region:
        of_region = LocalAuthority.objects.filter(city__country__region=wanted.region)
        rows = rows.filter(authority__in=of_region.values("pk"))
    if wanted.income:
        rows = rows.filter(authority__in=_of_income(wanted.income, edition).values("pk"))
    if wanted.mine is not None:
        rows = rows.filter(_touched_by(wanted.mine))
    return matching(rows, "search_text", fold(wanted.text))


def neighbours(edition: Edition, wanted: DeskFilter, application: Application, *, now: datetime) -> tuple[str, str]:
    """Return the references before and after an application in its group of the list; blank at an end."""
    group = group_of(application, now)
    rows = list(_ordered(filtered(edition, wanted), group, now).values_list("pk", "reference")[:EXPORT_CHUNK])
    position = next((i for i, row in enumerate(rows) if row[0] == application.pk), None)
    if position is None:
        return "", ""
    before = rows[position - 1][1] if position else ""
    after = rows[position + 1][1] if position + 1 < len(rows) else ""
    return before, after


def export_rows(edition: Edition, wanted: DeskFilter) -> Iterator[Application]:
    """Yield the filtered applications for a sheet, in order of sending, without holding them all in memory."""
    rows = filtered(edition, wanted).exclude(UNSENT)
    rows = rows.select_related("person", "authority__city__country", "group")
    return rows.order_by("submitted_at", "id").iterator(chunk_size=EXPORT_CHUNK)


def group_of(application: Application, now: datetime) -> Group:
    """Return the group in which an application stands in the list."""
    due_at = application.turn_due_at
    if application.turn_ours and due_at is not None and not is_by(now, due_at):
        return Group.LATE
    if application.state == ApplicationState.DECIDED:
        return Group.READY
    if application.turn_ours:
        return Group.TO_DO
    return Group.THEIR_TURN if due_at is not None else Group.CLOSED


def _conditions(now: datetime) -> dict[Group, Q]:
    over = last_deadline_over(now)
    late = Q(turn_ours=True, turn_due_at__lte=over)
    in_time = Q(turn_ours=True) & (Q(turn_due_at__gt=over) | Q(turn_due_at=None))
    decided = Q(state=ApplicationState.DECIDED)
    return {
        Group.LATE: late,
        Group.TO_DO: in_time & ~decided,
        Group.READY: in_time & decided,
        Group.THEIR_TURN: Q(turn_ours=False, turn_due_at__isnull=False),
        Group.CLOSED: Q(turn_ours=False, turn_due_at=None) & ~UNSENT,
    }


def _count_in_one_pass(rows: QuerySet[Application], now: datetime) -> dict[Group, int]:
    """Count in one walk over the rows: best where a filter asks each row."""
    conditions = _conditions(now)
    counted = rows.aggregate(**{group.name: Count("pk", filter=condition) for group, condition in conditions.items()})
    return {group: counted[group.name] for group in Group}


def _count_by_ranges(edition: Edition, rows: QuerySet[Application], now: datetime) -> dict[Group, int]:
    """Count in one query of sub-counts, each over a short range of an index: best where nothing asks each row."""
    over = last_deadline_over(now)
    in_time = Q(turn_due_at__gt=over) | Q(turn_due_at=None)
    counted = (
        Edition.objects.filter(pk=edition.pk)
        .values(
            begun=_RowCount(rows.values("pk")),
            drafts=_RowCount(rows.filter(state=ApplicationState.DRAFT).values("pk")),
            unsent=_RowCount(rows.filter(state=ApplicationState.EXPIRED, submitted_at=None).values("pk")),
            ours=_RowCount(rows.filter(turn_ours=True).values("pk")),
            late=_RowCount(rows.filter(turn_ours=True, turn_due_at__lte=over).values("pk")),
            ready=_RowCount(rows.filter(in_time, state=ApplicationState.DECIDED).values("pk")),
            theirs=_RowCount(rows.filter(turn_ours=False, turn_due_at__isnull=False).values("pk")),
        )
        .get()
    )
    return {
        Group.LATE: counted["late"],
        Group.TO_DO: counted["ours"] - counted["late"] - counted["ready"],
        Group.READY: counted["ready"],
        Group.THEIR_TURN: counted["theirs"],
        Group.CLOSED: (counted["begun"] - counted["drafts"] - counted["unsent"] - counted["ours"] - counted["theirs"]),
    }


def _rows_of_page(
    rows: QuerySet[Application], counts: dict[Group, int], offset: int, now: datetime
) -> dict[Group, list[Application]]:
    shown = Q(pk__in=[])
    left = PAGE
    for group in Group:
        if left and offset < counts[group]:
            part = _ordered(rows, group, now)[offset : offset + left]
            shown |= Q(pk__in=part.values("pk"))
            left -= min(left, counts[group] - offset)
        offset = max(0, offset - counts[group])

    found: dict[Group, list[Application]] = {group: [] for group in Group}
    for row in Application.objects.filter(shown).select_related("person", "authority__city"):
        found[group_of(row, now)].append(row)
    for group, members in found.items():
        members.sort(key=_newest_first if group == Group.CLOSED else _most_urgent_first)
    return found


def _ordered(rows: QuerySet[Application], group: Group, now: datetime) -> QuerySet[Application]:
    order = ("-id",) if group == Group.CLOSED else ("turn_due_at", "id")
    return rows.filter(_conditions(now)[group]).order_by(*order)


def _most_urgent_first(row: Application) -> tuple[float, int]:
    return (row.turn_due_at.timestamp() if row.turn_due_at else 0.0, row.pk)


def _newest_first(row: Application) -> tuple[float, int]:
    return (0.0, -row.pk)


def _of_income(income: str, edition: Edition) -> QuerySet[LocalAuthority]:
    classed = IncomeClass.objects.filter(fiscal_year=waiver_fiscal_year(edition)).exclude(code="")
    if income == NO_CLASS:
        found = LocalAuthority.objects.exclude(city__country__in=classed.values("country"))
    else:
        found = LocalAuthority.objects.filter(city__country__in=classed.filter(code=income).values("country"))
    return found


def _touched_by(user_id: int) -> Q:
    judged = Assessment.objects.filter(assessor_id=user_id, stood_aside_at=None).values("application")
    spoke = DialogueEntry.objects.filter(author_id=user_id).values("application")
    return Q(pk__in=judged) | Q(pk__in=spoke)
