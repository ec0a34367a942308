"""Change values of an edition on a page, as if they had been changed in its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import as_settled, get_content, get_source, newest_revision
from chancery.domain.programme.readers import (
    EditionFile,
    EditionRefused,
    Finding,
    SettingEntry,
    find_contradictions,
    find_setting,
    parse_edition,
    rewrite_edition,
    terms_from,
)
from chancery.domain.programme.readers.kinds import TEXT, several
from chancery.domain.programme.readers.rows import KNOWN_BY, Row, list_rows, rewrite_rows
from chancery.domain.programme.services.loading import Loaded, store_revision
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class SettingsUnchanged(Refused):
    """Every value stands there already."""


class SettingsSeenBefore(Refused):
    """Somebody changed the edition since the page was shown."""


class SettingIsGuarded(Refused):
    """The value says where money is paid to, or who guards that: it is proposed, and another person approves."""


class ContradictionsNotAccepted(Refused):
    """The values contradict others, and nobody said that this is meant; ``findings`` has them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep what contradicts."""
        self.findings = findings
        super().__init__(refusal("contradictions_not_accepted"))


@dataclass(frozen=True, slots=True)
class Change:
    """One value: what it is, what it said and what it shall say, in the file's writing; None: its default."""

    entry: SettingEntry
    wanted: Any

    @property
    def name(self) -> str:
        """The key as people write it."""
        return self.entry.name


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition with other values, checked as its file would be; nothing is written."""

    changes: tuple[Change, ...]
    content: bytes
    before: EditionFile
    file: EditionFile
    findings: tuple[Finding, ...]

    @property
    def new_terms(self) -> bool:
        """Whether who applies from now on gets other terms."""
        return terms_from(self.before) != terms_from(self.file)


def draft_changes(edition: Edition, wanted: Mapping[str, Any]) -> Draft:
    """Work out what the edition would be with some values changed, and what would then contradict.

    ``findings`` are those that the change brings; what the edition lives with already is not told again.

    :raises SettingsUnchanged: when no value differs.
    :raises EditionRefused: when a value cannot be read or an error would arise; with all findings.
    """
    before = as_settled(edition, get_content(edition))
    changes = tuple(
        Change(entry, value)
        for name, value in wanted.items()
        if (entry := find_setting(before, name)) and entry.value != value
    )
    if not changes:
        raise SettingsUnchanged
    content = rewrite_edition(get_source(edition), {each.entry.path: each.wanted for each in changes})
    return _draft(edition, changes, before, content)


def draft_rows(edition: Edition, table: str, rows: Sequence[Row]) -> Draft:
    """Work out what the edition would be with the rows of a list in another order, some gone or new.

    :raises SettingsUnchanged: when the list is the same.
    :raises EditionRefused: when a new row cannot be read or an error would arise; with all findings.
    """
    before = as_settled(edition, get_content(edition))
    names = list_rows(before, table)
    if list(rows) == [*range(len(names))]:
        raise SettingsUnchanged
    after = [names[row] if isinstance(row, int) else str(row.get(KNOWN_BY[table], "")) for row in rows]
    entry = SettingEntry((table,), several(TEXT), list(names), required=False, group=table)
    return _draft(edition, (Change(entry, after),), before, rewrite_rows(get_source(edition), table, rows))


def _draft(edition: Edition, changes: tuple[Change, ...], before: EditionFile, content: bytes) -> Draft:
    file = as_settled(edition, parse_edition(content, edition.slug))
    known = {(each.key, each.wrong) for each in find_contradictions(before)}
    findings = tuple(each for each in find_contradictions(file) if (each.key, each.wrong) not in known)
    if any(finding.is_error for finding in findings):
        raise EditionRefused(edition.slug, findings)
    return Draft(changes, content, before, file, findings)


@transaction.atomic
def change_rows(
    *, edition_id: int, seen: int, table: str, rows: Sequence[Row], accepted: bool, actor: Actor, now: datetime
) -> Loaded:
    """Write the rows of a list in another order, some gone or new: a new version of the edition's file.

    :raises SettingsSeenBefore: when the edition has changed since the person saw revision ``seen``.
    :raises SettingsUnchanged: when the list is the same.
    :raises EditionRefused: when a new row cannot be read or an error would arise.
    :raises ContradictionsNotAccepted: when it brings contradictions or warnings that nobody accepted.
    """
    edition = lock_as_seen(edition_id, seen)
    draft = draft_rows(edition, table, rows)
    if draft.findings and not accepted:
        raise ContradictionsNotAccepted(draft.findings)
    return write_draft(edition=edition, draft=draft, actor=actor, now=now)


@transaction.atomic
def change_settings(
    *, edition_id: int, seen: int, wanted: Mapping[str, Any], accepted: bool, actor: Actor, now: datetime
) -> Loaded:
    """Write other values into the edition, a new version of its file; frozen terms stay as they are.

    ``seen`` is the revision whose values the person saw; ``accepted`` says that what contradicts is meant.

    :raises SettingsSeenBefore: when the edition has changed since.
    :raises SettingsUnchanged: when no value differs.
    :raises EditionRefused: when the values hold errors.
    :raises SettingIsGuarded: when a value takes another person.
    :raises ContradictionsNotAccepted: when they bring contradictions or warnings that nobody accepted.
    """
    edition = lock_as_seen(edition_id, seen)
    draft = draft_changes(edition, wanted)
    if any(change.entry.is_guarded for change in draft.changes):
        raise SettingIsGuarded(refusal("account_takes_two"))
    if draft.findings and not accepted:
        raise ContradictionsNotAccepted(draft.findings)
    return write_draft(edition=edition, draft=draft, actor=actor, now=now)


@transaction.atomic
def lock_as_seen(edition_id: int, seen: int) -> Edition:
    """Load an edition for changing it, as the person saw it.

    :raises SettingsSeenBefore: when it has changed since the revision ``seen``.
    """
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition_id)
    if newest_revision(edition) != seen:
        raise SettingsSeenBefore
    return edition


@transaction.atomic
def write_draft(*, edition: Edition, draft: Draft, actor: Actor, now: datetime) -> Loaded:
    """Write what was drafted for an edition whose row is locked, with an event for each value."""
    loaded = store_revision(content=draft.content, file=draft.file, findings=draft.findings, now=now)
    for change in draft.changes:
        facts = {"key": change.name, "old": change.entry.value, "new": change.wanted}
        facts = {key: _plain(value) for key, value in facts.items()} | {"terms_version": loaded.terms_version}
        record(Event.EDITION_SETTING_CHANGED, actor=actor, subject=edition, now=now, facts=facts)
    return loaded


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
