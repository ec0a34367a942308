"""Shares and long account numbers, as screens and papers write them."""

from decimal import Decimal

import pytest

from chancery.foundation.figures import NO_BREAK, in_groups_of_four, share_in_percent, whole_number


def test_a_share_is_written_in_percent() -> None:
    assert share_in_percent(Decimal("0.75"), "en") == f"75{NO_BREAK}%"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("RF40M220240014", "RF40 M220 2400 14"),
        ("ES75 99990001412024111800", "ES75 9999 0001 4120 2411 1800"),
    ],
    ids=["a reference", "an account"],
)
def test_a_long_number_is_printed_in_groups_of_four(text: str, printed: str) -> None:
    assert in_groups_of_four(text) == printed


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("-7", -7), ("\u0667", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None)]
    + [(wrong, None) for wrong in ("", "-", "--7", "²", "1.0", "1 0", "seven")],
)
def test_a_whole_number_is_read_where_every_database_can_hold_it(text: str, number: int | None) -> None:
    assert whole_number(text) == number
