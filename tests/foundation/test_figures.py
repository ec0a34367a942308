"""Shares and long account numbers, as screens and papers write them."""

from decimal import Decimal

import pytest

from chancery.foundation.figures import NO_BREAK, in_groups_of_four, share_in_percent


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
