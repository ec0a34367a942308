"""Creditor references by ISO 11649."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from chancery.domain.billing.references import creditor_reference, is_creditor_reference


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        ("M2-2024-0001", "RF03M220240001"),
        ("M2-2024-0014", "RF40M220240014"),
        ("m2 2024 0014", "RF40M220240014"),
    ],
)
def test_the_reference_of_a_number_is_its_letters_and_digits_with_check_digits(number: str, reference: str) -> None:
    assert creditor_reference(number) == reference


@given(st.from_regex(r"[A-Z0-9]{1,21}", fullmatch=True))
def test_every_reference_passes_its_own_check(number: str) -> None:
    assert iso11649.is_valid(creditor_reference(number))


@pytest.mark.parametrize("number", ["", "-/-", "A" * 22, "é"], ids=["blank", "signs only", "too long", "no ASCII"])
def test_a_number_that_gives_no_reference_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        creditor_reference(number)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("RF40 M220 2400 14", True), ("rf40m220240014", True), ("RF73M220240012", False), ("invoice 4", False)],
    ids=["in groups", "small letters", "one digit off", "words"],
)
def test_a_reference_is_known_by_its_check_digits(text: str, verdict: bool) -> None:
    assert is_creditor_reference(text) is verdict
