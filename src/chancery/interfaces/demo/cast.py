"""The people of the demo: surnames are winds of each region, so nobody is real."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.text import slugify

from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.wording import role_label

PASSWORD = "tramuntana-2024"  # noqa: S105 (the demo's password for everybody; it opens nothing but the demo)


@dataclass(frozen=True, slots=True)
class OfficeMember:
    """Someone of the programme office and the roles of their account."""

    key: str
    name: str
    roles: tuple[Role, ...]

    @property
    def role(self) -> str:
        """What they are for, in the reader's language."""
        return role_label(self.roles[0])

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.key}@metropolis.example"


OFFICE = (
    OfficeMember("aina", "Aina Tramuntana", (Role.EDITION_LEAD,)),
    OfficeMember("merce", "Mercè Garbí", (Role.ADMISSIONS,)),
    OfficeMember("pol", "Pol Mestral", (Role.FINANCE,)),
    OfficeMember("joan", "Joan Ponent", (Role.SECOND_PERSON,)),
    OfficeMember("nerea", "Nerea Xaloc", (Role.DELIVERY,)),
    OfficeMember("quim", "Quim Gregal", (Role.CREDENTIALS,)),
    OfficeMember("ines", "Ines Llevant", (Role.ASSESSOR,)),
    OfficeMember("biel", "Biel Migjorn", (Role.ASSESSOR,)),
    OfficeMember("arnau", "Arnau Foraster", (Role.AUDITOR,)),
    OfficeMember("marta", "Marta Terralet", (Role.PEOPLE_ADMIN,)),
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Someone who applies; ``key`` is the label by which the story calls them.

    ``namesake`` tells the addresses of people of the same name and country apart; blank where there is one only.
    """

    key: str
    name: str
    native: str
    city: str
    iso3: str
    post: str
    seniority: str
    years: str
    unit: str
    metropolitan: str
    languages: str
    problem: str
    experience: str
    namesake: str = ""

    @property
    def email(self) -> str:
        """Their address, of their country's fictional domain."""
        return self._address(self.name)

    @property
    def accounts_email(self) -> str:
        """The address to which bills of their city go."""
        return self._address(f"accounts {self.city}")

    def _address(self, words: str) -> str:
        told_apart = f"{words} {self.namesake}".strip()
        return f"{slugify(told_apart).replace('-', '.')}@{self.iso3.lower()}.example"


@cache
def applicants() -> dict[str, Applicant]:
    """Return all applicants by their label."""
    text = (Path(__file__).parent / "cast.csv").read_text(encoding="utf-8")
    rows = [Applicant(*row) for row in list(csv.reader(text.splitlines()))[1:]]
    return {row.key: row for row in rows}


# Members of the network that the shipped list lacks: demo facts (city, country).
EXTRA_MEMBERS = (
    ("Bamako", "MLI"),
    ("Kampala", "UGA"),
    ("Addis Ababa", "ETH"),
    ("Conakry", "GIN"),
    ("Caracas", "VEN"),
    ("Kigali", "RWA"),
    ("Maputo", "MOZ"),
)
OTHER_CITIES = (
    ("Hanoi", "VNM"),
    ("Lima", "PER"),
    ("Quezon City", "PHL"),
    ("Tunis", "TUN"),
    ("Zagreb", "HRV"),
    ("Porto Alegre", "BRA"),
    ("Mumbai", "IND"),
    ("Athens", "GRC"),
    ("Nairobi", "KEN"),
    ("Amman", "JOR"),
    ("Santiago", "CHL"),
    ("Toulouse", "FRA"),
    ("Guadalajara", "MEX"),
)
# What is not "paid in 2023": nobody knows of Gauteng, Addis Ababa has not paid.
DUES_UNKNOWN = frozenset({"Gauteng"})
DUES_UNPAID = frozenset({"Addis Ababa"})
