"""Reads what ships with the room: income classes of the World Bank and members known from public pages."""

from chancery.domain.network.readers.demo_members import DemoMember, demo_members
from chancery.domain.network.readers.income_classes import (
    UNMAPPED,
    Economy,
    IncomeClassCode,
    Unmapped,
    income_class,
    income_classes,
    known_fiscal_years,
)

__all__ = [
    "UNMAPPED",
    "DemoMember",
    "Economy",
    "IncomeClassCode",
    "Unmapped",
    "demo_members",
    "income_class",
    "income_classes",
    "known_fiscal_years",
]
