"""Load an edition file."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chancery.domain.programme.models import Edition, EditionRevision, Programme, Terms
from chancery.domain.programme.policies import terms_as_json
from chancery.domain.programme.queries import get_content
from chancery.domain.programme.readers import (
    EditionFile,
    EditionRefused,
    Finding,
    find_contradictions,
    parse_edition,
    terms_from,
)
from chancery.domain.programme.readers.edition_file import FiscalRegime
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class OtherEditionHasTheNumber(Refused):
    """The programme already has an edition with this number, under another name."""


class SeriesMixed(Refused):
    """Numbers of this edition's bills would stand in the series of other bills or of their credit notes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did; ``changed`` is False where the same bytes stood there already."""

    edition: Edition
    changed: bool
    terms_version: int
    findings: tuple[Finding, ...]


@transaction.atomic
def load_edition(*, content: bytes, name: str, actor: Actor, now: datetime) -> Loaded:
    """Take in an edition file; the same file again changes nothing, and frozen terms stay as they are.

    A new version of the terms is written only where a rule changed. Dates that were confirmed or moved on the office's
    page are kept: the file does not undo them.

    :raises EditionRefused: when the file holds errors.
    :raises OtherEditionHasTheNumber: when the number is taken.
    :raises SeriesMixed: when its bills would be numbered in a series of others.
    """
    file, findings = _read(content, name)

    loaded = store_revision(content=content, file=file, findings=findings, now=now)
    if loaded.changed:
        facts = {"sha256": hashlib.sha256(content).hexdigest(), "terms_version": loaded.terms_version}
        record(Event.EDITION_LOADED, actor=actor, subject=loaded.edition, now=now, facts=facts)
    return loaded


@transaction.atomic
def store_revision(*, content: bytes, file: EditionFile, findings: tuple[Finding, ...], now: datetime) -> Loaded:
    """Write what a file that was checked says: the one way in, for a file that is loaded and a value that is edited.

    :raises OtherEditionHasTheNumber: when the number is taken.
    :raises SeriesMixed: when ``reference_prefix`` is one by which bills of others are numbered.
    """
    edition = _store_edition(file)
    sha256 = hashlib.sha256(content).hexdigest()
    newest = EditionRevision.objects.filter(edition=edition).order_by("-id").defer("content").first()
    version = _store_terms(edition, file, now)
    changed = newest is None or newest.sha256 != sha256
    if changed:
        EditionRevision.objects.create(edition=edition, content=content, sha256=sha256, loaded_at=now)
    return Loaded(edition, changed=changed, terms_version=version, findings=findings)


def _read(content: bytes, name: str) -> tuple[EditionFile, tuple[Finding, ...]]:
    file = parse_edition(content, name)
    findings = (*file.warnings, *find_contradictions(file))
    if any(finding.is_error for finding in findings):
        raise EditionRefused(name, findings)
    return file, findings


def _store_edition(file: EditionFile) -> Edition:
    facts = file.edition
    programme, _ = Programme.objects.update_or_create(slug=file.programme.slug, defaults={"name": file.programme.name})
    if Edition.objects.filter(programme=programme, number=facts.number).exclude(slug=facts.slug).exists():
        raise OtherEditionHasTheNumber(
            refusal("edition_number_taken"), f"{file.name}: edition {facts.number} of {programme.name} has another slug"
        )
    _refuse_mixed_series(str(_values(file, programme)["reference_prefix"]), file)
    settled = Edition.objects.filter(slug=facts.slug).exclude(dates_settled_at=None).exists()
    dates = {} if settled else _dates(file)
    edition, _ = Edition.objects.update_or_create(
        slug=facts.slug,
        defaults=_values(file, programme) | dates,
        create_defaults=_values(file, programme) | _dates(file),
    )
    return edition


def _refuse_mixed_series(prefix: str, file: EditionFile) -> None:
    """Keep each series of bills one of its own: no other issuer's, and no credit notes beside invoices.

    Credit notes are numbered by an edition's prefix and a C, requests for payment by PR.
    """
    others = list(Edition.objects.exclude(slug=file.edition.slug))
    prefixes = {other.reference_prefix for other in others}
    taken = {"PR", "PRC", *(f"{other}C" for other in prefixes)}
    beside = [get_content(other) for other in others if other.reference_prefix == prefix]
    if prefix in taken or f"{prefix}C" in prefixes or any(not _may_share(file, other) for other in beside):
        raise SeriesMixed(
            refusal("series_mixed"),
            f"{file.name}: with the reference_prefix {prefix} two series of bills would be one; choose another prefix",
        )


def _may_share(file: EditionFile, other: EditionFile) -> bool:
    """Tell whether two editions may number bills in one series: not where each issues invoices for itself."""
    issuers = (file.issuer, other.issuer)
    if any(each.fiscal_regime is not FiscalRegime.INTERNAL for each in issuers):
        return True
    return len({each.tax_id or each.legal_name for each in issuers}) == 1


def _values(file: EditionFile, programme: Programme) -> dict[str, object]:
    facts = file.edition
    return {
        "programme": programme,
        "number": facts.number,
        "time_zone": facts.time_zone,
        "place": facts.place,
        "capacity": facts.capacity,
        "minimum": facts.minimum,
        "opens_at": facts.opens_at,
        "closes_at": facts.closes_at,
        "reference_prefix": facts.reference_prefix or f"{file.programme.name[:1].upper()}{facts.number}",
    }


def _dates(file: EditionFile) -> dict[str, object]:
    facts = file.edition
    return {"starts_on": facts.starts_on, "ends_on": facts.ends_on, "provisional": facts.provisional}


def _store_terms(edition: Edition, file: EditionFile, now: datetime) -> int:
    rule = terms_as_json(terms_from(file))
    newest = Terms.objects.filter(edition=edition).order_by("-version").first()
    if newest is not None and _same(newest.rule, rule):
        return newest.version
    version = newest.version + 1 if newest else 1
    Terms.objects.create(edition=edition, version=version, rule=rule, frozen_at=now)
    return version


def _same(stored: object, rule: object) -> bool:
    return json.dumps(stored, sort_keys=True) == json.dumps(rule, sort_keys=True)
