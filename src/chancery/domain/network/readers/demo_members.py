"""Members of the network as far as public pages name them; shown as demo data only."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TABLE = "demo_members.csv"


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A city or authority that a public page names as a member, with that page."""

    name: str
    iso3: str
    evidence: str
    source: str


@cache
def demo_members() -> tuple[DemoMember, ...]:
    """Return the members that the demo shows, in the order of the table."""
    text = (files("chancery.domain.network") / "data" / TABLE).read_text(encoding="utf-8")
    return tuple(
        DemoMember(name=row["member"], iso3=row["iso3"], evidence=row["evidence"], source=row["source"])
        for row in csv.DictReader(text.splitlines())
    )
