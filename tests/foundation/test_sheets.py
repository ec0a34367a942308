"""Lists for spreadsheets: what goes out is what stood there, and nothing of it runs."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from chancery.foundation.sheets import csv_of, sheet_response, xlsx_of

HEAD = ("name", "day", "amount", "number", "at")
ROWS = [
    ("Élodie", date(2024, 10, 18), Decimal("1500.50"), 3, datetime(2024, 10, 18, 9, 0, tzinfo=UTC)),
    ("", None, Decimal("-0.10"), 0, None),
]


def read(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_workbook_keeps_days_as_days_and_amounts_as_numbers() -> None:
    head, first, second = read(xlsx_of(HEAD, ROWS))

    assert head == list(HEAD)
    assert first == ["Élodie", date(2024, 10, 18), 1500.5, 3.0, "2024-10-18T09:00:00+00:00"]
    assert second[2:4] == [-0.1, 0.0]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "https://x.example", "0012"])
def test_no_cell_runs_or_turns_into_something_else(cell: str) -> None:
    assert read(xlsx_of(("text",), [(cell,)]))[1] == [cell]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20A1"])
def test_no_cell_of_a_csv_is_a_formula(cell: str) -> None:
    assert list(csv_of(("text",), [(cell,)])) == ["\ufefftext\r\n", f"'{cell}\r\n"]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Iva;=cmd|'/C calc'!A0;", "Iva;'=cmd|'/C calc'!A0;"),
        ("Iva; =1", "Iva;' =1"),
        ("Iva\t@A1", "Iva\t'@A1"),
        ("Iva\n+1", '"Iva\n\'+1"'),
        ("Iva\r\n-1", '"Iva\r\n\'-1"'),
        ("a;b-c", "a;b-c"),
    ],
)
def test_no_part_of_a_cell_is_a_formula_where_another_sign_divides_cells(cell: str, written: str) -> None:
    assert "".join(csv_of(("text",), [(cell,)])) == f"\ufefftext\r\n{written}\r\n"


def test_a_number_that_is_negative_stays_a_number_in_csv() -> None:
    assert list(csv_of(("n",), [(Decimal("-1.00"),)]))[1] == "-1.00\r\n"


@pytest.mark.parametrize(("form", "name"), [("xlsx", "bills.xlsx"), ("csv", "bills.csv"), ("exe", "bills.csv")])
def test_a_list_leaves_in_the_form_that_was_asked_for(form: str, name: str) -> None:
    response = sheet_response(form, "bills", HEAD, ROWS)

    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
