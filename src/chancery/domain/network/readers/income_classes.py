"""World Bank classes of economies by income level and fiscal year (promise B3); see ``data/README.md``."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal

TABLE = "wb_income_class.csv"


class IncomeClassCode(StrEnum):
    """Income level of an economy, in the codes of the table."""

    LOW = "L"
    LOWER_MIDDLE = "LM"
    UPPER_MIDDLE = "UM"
    HIGH = "H"


class Unmapped(Enum):
    """The answer about an economy or a year that the table does not hold."""

    UNMAPPED = "unmapped"


UNMAPPED: Final = Unmapped.UNMAPPED


@dataclass(frozen=True, slots=True)
class Economy:
    """An economy of the table; ``classes`` holds every fiscal year, None where the World Bank gave no class.

    ``iso3`` is ISO 3166 but for XKX (Kosovo) and CHI (Channel Islands), which are the World Bank's own.
    """

    iso3: str
    name: str
    classes: Mapping[str, IncomeClassCode | None]


@cache
def income_classes() -> Mapping[str, Economy]:
    """Return all economies of the table by their code."""
    text = (files("chancery.domain.network") / "data" / TABLE).read_text(encoding="utf-8")
    economies = (_economy(row) for row in csv.DictReader(text.splitlines()))
    return MappingProxyType({economy.iso3: economy for economy in economies})


@cache
def known_fiscal_years() -> tuple[str, ...]:
    """Return the fiscal years of the table, oldest first, written ``FY23``."""
    return tuple(sorted({year for economy in income_classes().values() for year in economy.classes}))


def income_class(iso3: str, fiscal_year: str) -> IncomeClassCode | Literal[Unmapped.UNMAPPED] | None:
    """Return the class of an economy in a fiscal year.

    None: the World Bank lists the economy without a class. ``UNMAPPED``: the table lacks it or the year.
    Neither is ever read as a class: a person decides (promise B3).
    """
    economy = income_classes().get(iso3)
    if economy is None or fiscal_year not in economy.classes:
        return UNMAPPED
    return economy.classes[fiscal_year]


def _economy(row: dict[str, str]) -> Economy:
    classes = {
        column: IncomeClassCode(value) if value else None for column, value in row.items() if column.startswith("FY")
    }
    return Economy(iso3=row["iso3"], name=row["economy"], classes=MappingProxyType(classes))
