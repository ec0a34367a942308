"""Editions for tests, loaded from the shipped file."""

import hashlib
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path

from chancery.domain.programme.models import DateChange, Edition, EditionRevision, Programme, Terms
from chancery.domain.programme.policies import terms_as_json
from chancery.domain.programme.readers import EditionFile, parse_edition, terms_from

SHIPPED = Path(__file__).resolve().parents[2] / "editions" / "metropolis-2024.toml"
LOADED_AT = datetime(2024, 9, 1, 8, 0, tzinfo=UTC)
_numbers = count(1)


def make_edition(*, slug: str = "", capacity: int = 24, says: tuple[str, str] = ("", "")) -> Edition:
    """Return a saved edition with the shipped file, its terms and the call open from 2 September to 25 October 2024.

    ``says``: a table of the file and a line that it holds besides, such as ``("payment", 'four_eyes = "all"')``.
    """
    number = next(_numbers)
    facts = _shipped().edition
    programme = Programme.objects.create(slug=f"programme-{number}", name=_shipped().programme.name)
    edition = Edition.objects.create(
        programme=programme,
        slug=slug or f"edition-{number}",
        number=number,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        provisional=facts.provisional,
        time_zone=facts.time_zone,
        place=facts.place,
        capacity=capacity,
        minimum=facts.minimum,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        reference_prefix=f"M{number}",
    )
    table, line = says
    content = SHIPPED.read_bytes().replace(f"[{table}]\n".encode(), f"[{table}]\n{line}\n".encode())
    EditionRevision.objects.create(
        edition=edition, content=content, sha256=hashlib.sha256(content).hexdigest(), loaded_at=LOADED_AT
    )
    Terms.objects.create(edition=edition, version=1, rule=terms_as_json(terms_from(_shipped())), frozen_at=LOADED_AT)
    return edition


def make_date_change(edition: Edition, *, starts_on: date, ends_on: date, changed_at: datetime) -> DateChange:
    """Return a settled change, not saved, of the week that was to be from 18 to 22 November 2024."""
    return DateChange(
        pk=1,
        edition=edition,
        starts_before=date(2024, 11, 18),
        ends_before=date(2024, 11, 22),
        starts_on=starts_on,
        ends_on=ends_on,
        provisional=False,
        changed_at=changed_at,
    )


@cache
def _shipped() -> EditionFile:
    return parse_edition(SHIPPED.read_bytes(), "metropolis-2024.toml")
