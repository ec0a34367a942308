"""Take a sheet of members in: looked at first, then all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chancery.domain.network.models import City, Contribution, Country, LocalAuthority, Membership, Network
from chancery.domain.network.readers.membership_sheet import SheetRow, read_sheet
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal

SOURCE = "imported by the office"


class SheetNotTaken(Refused):
    """A row is wrong or names a city that is not on file; nothing was written. The report tells each row."""

    def __init__(self, report: "MembershipReport") -> None:
        """Carry the report."""
        self.report = report
        super().__init__(refusal("sheet_has_problems"))


@dataclass(frozen=True, slots=True)
class RowReport:
    """What a row would do, or why it cannot: ``outcome`` new member, changed, unchanged, new city, problem."""

    row: SheetRow
    outcome: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MembershipReport:
    """A sheet row by row."""

    rows: tuple[RowReport, ...]

    @property
    def problems(self) -> list[RowReport]:
        """Rows that stop the import."""
        return [row for row in self.rows if row.problems]

    def count(self, outcome: str) -> int:
        """Return how many rows have this outcome."""
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each outcome."""
        return {row.outcome: self.count(row.outcome) for row in self.rows}


@transaction.atomic
def preview_memberships(*, content: bytes, network: str, add_cities: bool) -> MembershipReport:
    """Say row by row what an import would do; nothing is written.

    :raises chancery.domain.network.readers.membership_sheet.SheetRefused: when the sheet cannot be read.
    """
    return _judge(read_sheet(content), network, add_cities=add_cities)


@transaction.atomic
def import_memberships(
    *, content: bytes, network: str, add_cities: bool, actor: Actor, now: datetime
) -> MembershipReport:
    """Write every row, or none. A city that is not on file is added only where ``add_cities`` says so.

    :raises SheetNotTaken: when any row has a problem.
    :raises chancery.domain.network.readers.membership_sheet.SheetRefused: when the sheet cannot be read.
    """
    report = _judge(read_sheet(content), network, add_cities=add_cities)
    if report.problems:
        raise SheetNotTaken(report)
    home, _ = Network.objects.get_or_create(slug=_slug(network), defaults={"name": network})
    for each in report.rows:
        _write(each.row, home, now)
    record(
        Event.MEMBERSHIPS_IMPORTED,
        actor=actor,
        subject=home,
        now=now,
        facts={"rows": len(report.rows), **report.counts},
    )
    return report


def _judge(rows: Sequence[SheetRow], network: str, *, add_cities: bool) -> MembershipReport:
    countries = set(Country.objects.values_list("iso3", flat=True))
    cities = {(city.name.casefold(), city.country.iso3): city for city in City.objects.select_related("country")}
    members = {row.city_id: row for row in Membership.objects.filter(network__slug=_slug(network), left_on=None)}
    contributions = {
        (row.membership_id, row.year): row
        for row in Contribution.objects.filter(membership__in=[member.pk for member in members.values()])
    }
    return MembershipReport(
        tuple(_judge_row(row, countries, cities, members, contributions, add_cities=add_cities) for row in rows)
    )


def _judge_row(
    row: SheetRow,
    countries: set[str],
    cities: dict[tuple[str, str], City],
    members: dict[int, Membership],
    contributions: dict[tuple[int, int], Contribution],
    *,
    add_cities: bool,
) -> RowReport:
    if row.problems:
        return RowReport(row, "problem", row.problems)
    if row.country not in countries:
        return RowReport(row, "problem", ("country_unknown",))
    city = cities.get((row.city.casefold(), row.country))
    if city is None:
        missing = "joined_on_missing" if add_cities else "city_unknown"
        return RowReport(row, "new city") if add_cities and row.joined_on else RowReport(row, "problem", (missing,))
    member = members.get(city.pk)
    if member is None:
        return RowReport(row, "new member") if row.joined_on else RowReport(row, "problem", ("joined_on_missing",))
    known = contributions.get((member.pk, row.year)) if row.year else None
    same = (
        (row.joined_on is None or member.joined_on == row.joined_on)
        and row.left_on is None
        and (row.year is None or (known is not None and _same_contribution(row, known)))
    )
    return RowReport(row, "unchanged" if same else "changed")


def _same_contribution(row: SheetRow, known: Contribution) -> bool:
    return (known.due_minor, known.paid_on, known.currency) == (row.due_minor, row.paid_on, row.currency)


def _write(row: SheetRow, network: Network, now: datetime) -> None:
    country = Country.objects.get(iso3=row.country)
    city = City.objects.filter(name__iexact=row.city, country=country).first()
    if city is None:
        city = City.objects.create(name=row.city, country=country)
        LocalAuthority.objects.create(name=row.city, city=city)
    member, _ = Membership.objects.get_or_create(
        network=network,
        city=city,
        left_on=None,
        defaults={"joined_on": row.joined_on or now.date(), "source": SOURCE},
    )
    if row.joined_on and member.joined_on != row.joined_on:
        member.joined_on = row.joined_on
    if row.year is not None:
        Contribution.objects.update_or_create(
            membership=member,
            year=row.year,
            defaults={"due_minor": row.due_minor, "paid_on": row.paid_on, "currency": row.currency},
        )
    member.left_on, member.demo = row.left_on, False
    member.save(update_fields=["joined_on", "left_on", "demo"])


def _slug(network: str) -> str:
    return network.lower()
