"""The settings of an edition as its pages show them: rows, contradictions side by side, changes so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language

from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import Guarded, takes_two_people
from chancery.domain.programme.queries import open_proposal
from chancery.domain.programme.readers import (
    EditionFile,
    Finding,
    SettingEntry,
    SettingsPart,
    find_setting,
    find_value,
    list_settings,
    part_of,
)
from chancery.domain.programme.readers.parsing import dotted
from chancery.domain.programme.readers.rows import list_rows
from chancery.domain.programme.readers.settings import lists_of
from chancery.domain.programme.services import Change, draft_changes
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.queries import list_events
from chancery.foundation.audit.refs import ref
from chancery.foundation.figures import in_groups_of_four
from chancery.foundation.mail.wording import wording_of
from chancery.foundation.ruling import Refused
from chancery.foundation.ui.wording import labelled_text
from chancery.interfaces.office.events_shown import ShownEvent, shown_events
from chancery.interfaces.office.findings_words import finding_text
from chancery.interfaces.office.forms.settings_rows import RowsForm
from chancery.interfaces.office.settings_words import BY_ROW, PARTS, PLACES, label_of, label_of_topic, said_of

MOST_CHANGES = 50
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value with its name and, where one leads there, the page that changes it."""

    label: str
    value: str
    href: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """Values that are edited together: a table of rules, a text in its languages, a session."""

    label: str
    href: str
    values: tuple[ShownValue, ...]


@dataclass(frozen=True, slots=True)
class ShownListRow:
    """A row of a list, with the order of the whole list after each act on it: places of now, apart by commas."""

    name: str
    says: str
    href: str
    up: str
    down: str
    without: str


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list of the edition with its rows, and the form for a new one."""

    table: str
    title: str
    rows: tuple[ShownListRow, ...]
    form: RowsForm


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """What does not fit: the two values side by side where there are two, and the reader's sentence."""

    sentence: str
    is_error: bool
    sides: tuple[ShownValue, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A value that changed, before and after; ``undo`` leads to the form with the old value in it."""

    event: ShownEvent
    label: str
    before: str
    after: str
    undo: str


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A change that waits for another person; ``own`` where the reader may not approve it."""

    id: int
    own: bool
    changes: list[dict[str, Any]]
    findings: list[ShownFinding]


def rows_of(edition: Edition, file: EditionFile, part: SettingsPart) -> list[ShownRow]:
    """Return the values of one part in rows."""
    rows: dict[str, list[SettingEntry]] = {}
    for entry in list_settings(file, part):
        rows.setdefault(entry.row, []).append(entry)
    return [
        ShownRow(
            entries[0].group if part in BY_ROW else "",
            address_of(edition, part, row if part in BY_ROW else ""),
            tuple(ShownValue(label_of(each), _short(each)) for each in entries),
        )
        for row, entries in rows.items()
    ]


def lists_shown(
    edition: Edition, file: EditionFile, part: SettingsPart, bound: RowsForm | None = None
) -> list[ShownList]:
    """Return the lists of a part; ``bound`` is the form that somebody has sent for one of them."""
    says = _says(file, part)
    return [
        ShownList(
            table,
            label_of_topic(table, table),
            tuple(_list_row(edition, part, table, name, place, names, says) for place, name in enumerate(names)),
            bound if bound is not None and bound.of == table else RowsForm(file=file, table=table),
        )
        for table in lists_of(part)
        for names in [list_rows(file, table)]
    ]


def _says(file: EditionFile, part: SettingsPart) -> dict[str, str]:
    """Return what each row says in short: its first words, or its first value where it has none."""
    entries = sorted(list_settings(file, part), key=lambda entry: not entry.is_words)
    return {entry.row: _short(entry) for entry in reversed(entries)}


def _list_row(
    edition: Edition,
    part: SettingsPart,
    table: str,
    name: str,
    place: int,
    names: tuple[str, ...],
    says: Mapping[str, str],
) -> ShownListRow:
    order, row = [*range(len(names))], dotted((table, place))
    return ShownListRow(
        name=name,
        says=says.get(row, ""),
        href=address_of(edition, part, row),
        up=_order(_exchanged(order, place - 1)) if place else "",
        down=_order(_exchanged(order, place)) if place < len(names) - 1 else "",
        without=_order([each for each in order if each != place]),
    )


def _exchanged(order: list[int], place: int) -> list[int]:
    return [*order[:place], order[place + 1], order[place], *order[place + 2 :]]


def _order(order: list[int]) -> str:
    return ",".join(map(str, order))


def entries_of(file: EditionFile, part: SettingsPart, row: str) -> tuple[SettingEntry, ...]:
    """Return the values of a page: a whole part, or one row of it."""
    entries = list_settings(file, part)
    return tuple(each for each in entries if each.row == row) if part in BY_ROW else entries


def address_of(edition: Edition, part: SettingsPart, row: str = "", **more: str) -> str:
    """Return the address of a page of the settings."""
    if part is SettingsPart.MAILS and not row:
        return reverse("show-mail-words", args=[edition.slug])
    query = {key: value for key, value in {"of": row, **more}.items() if value}
    return reverse("show-settings", args=[edition.slug, part], query=query or None)


def findings_of(
    edition: Edition, file: EditionFile, findings: Iterable[Finding], wanted: Mapping[str, Any] = NOTHING
) -> list[ShownFinding]:
    """Return findings with the two values that do not fit, each with its place; a wanted value stands for the old."""
    return [
        ShownFinding(
            finding_text(each),
            each.is_error,
            tuple(_side(edition, file, key, wanted) for key in (each.key, each.beside) if key),
        )
        for each in findings
    ]


def changes_in_words(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return each change with the old value beside the new one."""
    return [
        {
            "label": label_of(each.entry),
            "key": each.name,
            "before": said_of(each.entry, each.entry.value),
            "after": said_of(each.entry, each.wanted),
            "frozen": each.entry.is_frozen,
        }
        for each in changes
    ]


def versions_of(
    now: Iterable[SettingEntry], seen: Iterable[SettingEntry], wanted: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return the values that differ between what was seen, what holds now and what is wanted."""
    before = {each.name: each.value for each in seen}
    return [
        {
            "label": label_of(each),
            "now": said_of(each, each.value),
            "yours": said_of(each, wanted.get(each.name, before.get(each.name))),
        }
        for each in now
        if each.name in wanted or before.get(each.name) != each.value
    ]


def count_rows(file: EditionFile, part: SettingsPart) -> int:
    """Return how many rows a part has."""
    return len({each.row for each in list_settings(file, part)})


def changes_so_far(edition: Edition, file: EditionFile, roles: frozenset[Role]) -> list[ShownChange]:
    """Return the values that changed on these pages, newest first."""
    events = list_events(ref(edition)).filter(name=Event.EDITION_SETTING_CHANGED)
    shown = shown_events(events, roles, most=MOST_CHANGES)
    rows = {row.pk: row for row in events[:MOST_CHANGES]}
    return [_change(edition, file, each, rows[each.id]) for each in shown]


def proposed_of(edition: Edition, file: EditionFile, actor: Actor) -> ShownProposal | None:
    """Return the change of the account that waits for another person, with what it would contradict."""
    proposal = open_proposal(edition)
    if proposal is None:
        return None
    try:
        draft = draft_changes(edition, proposal.wanted)
    except Refused:  # the edition has changed since: who approves is told why it cannot be
        return ShownProposal(proposal.pk, own=False, changes=[], findings=[])
    own = proposal.proposed_by == actor.reference and takes_two_people(file.payment.four_eyes, Guarded.ACCOUNT)
    findings = findings_of(edition, draft.file, draft.findings)
    return ShownProposal(proposal.pk, own, changes_in_words(draft.changes), findings)


def places_of_part(edition: Edition, part: SettingsPart) -> list[ShownValue]:
    """Return the public pages on which the values of a part stand."""
    language = get_language() or "en"
    return [ShownValue(str(label), "", reverse(name, args=[language, edition.slug])) for name, label in PLACES[part]]


def _change(edition: Edition, file: EditionFile, event: ShownEvent, row: AuditEvent) -> ShownChange:
    key = row.facts["key"]
    entry, part = find_setting(file, key), part_of(key)
    undo = address_of(edition, part, entry.row if part in BY_ROW else "", back=str(row.pk)) if entry and part else ""
    label = label_of(entry) if entry else label_of_topic(key, key)
    old, new = (said_of(entry, row.facts[each]) for each in ("old", "new"))
    return ShownChange(event, label, old, new, undo)


def _side(edition: Edition, file: EditionFile, key: str, wanted: Mapping[str, Any]) -> ShownValue:
    entry = find_setting(file, key) or _around(file, key)
    part = part_of(entry.name) if entry else None
    href = address_of(edition, part, entry.row if part in BY_ROW else "") if entry and part else ""
    if not href and key in ("edition.starts_on", "edition.ends_on", "edition.provisional"):
        href = reverse("settle-dates", args=[edition.slug])
    label = label_of(entry) if entry else label_of_topic(key, key)
    value = entry.value if entry else find_value(file, key)
    return ShownValue(label, said_of(entry, wanted.get(key, value)), href, key)


def _around(file: EditionFile, key: str) -> SettingEntry | None:
    """Find the value that a key of one of its languages belongs to: ``session[1].title.en`` lies in its title."""
    return find_setting(file, key.rpartition(".")[0])


def _short(entry: SettingEntry) -> str:
    value = entry.value
    if isinstance(value, dict):
        value = value.get(get_language() or "en") or next(iter(value.values()), "")
    return in_groups_of_four(str(value)) if entry.name == "payment.iban" else said_of(entry, value)


def title_of(part: SettingsPart, entries: tuple[SettingEntry, ...]) -> str:
    """Return the heading of a page."""
    if part is SettingsPart.MAILS and entries:
        subject = wording_of(entries[0].group, get_language() or "en").subject
        return labelled_text(str(PARTS[part]), str(subject))
    return labelled_text(str(PARTS[part]), entries[0].group) if part in BY_ROW and entries else str(PARTS[part])
