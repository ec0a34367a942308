"""Income classes by fiscal year (promise B3)."""

import pytest

from chancery.domain.network.readers import (
    UNMAPPED,
    IncomeClassCode,
    demo_members,
    income_class,
    income_classes,
    known_fiscal_years,
)


@pytest.mark.parametrize(
    ("iso3", "year", "expected"),
    [
        pytest.param("GIN", "FY23", IncomeClassCode.LOW, id="Guinea is low in FY23"),
        pytest.param("GIN", "FY24", IncomeClassCode.LOWER_MIDDLE, id="Guinea is not in FY24"),
        pytest.param("ZMB", "FY23", IncomeClassCode.LOW, id="Zambia is low in FY23"),
        pytest.param("ZMB", "FY24", IncomeClassCode.LOWER_MIDDLE, id="Zambia is not in FY24"),
        pytest.param("VEN", "FY23", None, id="Venezuela has no class"),
        pytest.param("XKX", "FY23", IncomeClassCode.UPPER_MIDDLE, id="Kosovo under the World Bank's code"),
        pytest.param("CHI", "FY23", IncomeClassCode.HIGH, id="Channel Islands under the World Bank's code"),
        pytest.param("VAT", "FY23", UNMAPPED, id="the Holy See is not in the table"),
        pytest.param("GIN", "FY99", UNMAPPED, id="a year outside the table"),
    ],
)
def test_the_year_decides_the_class(iso3: str, year: str, expected: object) -> None:
    assert income_class(iso3, year) == expected


def test_the_table_holds_every_economy_with_every_year() -> None:
    assert known_fiscal_years() == ("FY19", "FY20", "FY21", "FY22", "FY23", "FY24", "FY25", "FY26")
    assert len(income_classes()) == 223
    assert {tuple(economy.classes) for economy in income_classes().values()} == {known_fiscal_years()}


def test_members_of_the_demo_lie_in_economies_of_the_table() -> None:
    assert len(demo_members()) == 39
    assert {member.iso3 for member in demo_members()} <= income_classes().keys()
