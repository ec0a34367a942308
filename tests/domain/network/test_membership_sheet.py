"""A sheet of members is read with each row's own problems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.network.readers.membership_sheet import SheetRefused, read_sheet

HEAD = "city,country,joined_on,left_on,year,due,currency,paid_on\n"


def test_a_row_is_read_with_its_amount_in_cents() -> None:
    row = read_sheet(f"{HEAD}Accra,gha,2010-01-01,,2023,5000.50,EUR,2023-03-14\n".encode())[0]

    assert (row.line, row.city, row.country, row.due_minor, row.problems) == (2, "Accra", "GHA", 500_050, ())


def test_semicolons_and_a_byte_order_mark_are_fine() -> None:
    row = read_sheet("\ufeffcity;country;joined_on\nAccra;GHA;2010-01-01\n".encode())[0]

    assert (row.city, row.problems) == ("Accra", ())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",GHA,,,,,,", "city_missing"),
        ("Accra,GHA,1.1.2010,,,,,", "joined_on_no_day"),
        ("Accra,GHA,2010-01-01,2009-01-01,,,,", "left_before_joined"),
        ("Accra,GHA,,,,5000,,", "year_missing"),
        ("Accra,GHA,,,two,,,", "year_no_year"),
        ("Accra,GHA,,,2023,much,,", "due_no_amount"),
        ("Accra,GHA,,,2023,-1,,", "due_no_amount"),
        ("Accra,GHA,,,2023,1.001,,", "due_no_amount"),
        ("Accra,GHA,,,2023,1e999999999,,", "due_no_amount"),
        ("Accra,GHA,,,2023,,a long way from a currency,", "due_no_amount"),
        (f"Accra,GHA,,,{'9' * 5000},,,", "year_no_year"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(line: str, problem: str) -> None:
    assert problem in read_sheet(f"{HEAD}{line}\n".encode())[0].problems


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "sheet_encoding"),
        (b"name,land\nAccra,GHA\n", "sheet_columns"),
        (b"city,country,colour\nAccra,GHA,red\n", "sheet_columns"),
        (HEAD.encode(), "sheet_empty"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(content)

    assert refused.value.ruling.reasons == (reason,)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_sheet(content)
    except SheetRefused:
        return


def test_a_cell_without_an_end_is_no_sheet() -> None:
    with pytest.raises(SheetRefused):
        read_sheet(f'{HEAD}"Accra{"a" * 200_000},GHA,,,,,,\n'.encode())
