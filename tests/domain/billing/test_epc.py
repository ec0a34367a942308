"""The transfer code for banking apps (EPC069-12)."""

from decimal import Decimal
from typing import Any

import pytest

from chancery.domain.billing.epc import epc_payload

ACCRA: dict[str, Any] = {
    "beneficiary": "Diploma Office",
    "iban": "ES91 2100 0418 4502 0005 1332",
    "bic": "CAIXESBBXXX",
    "amount": Decimal("1000.00"),
    "reference": "RF40 M220 2400 14",
}


def test_the_code_holds_the_transfer_line_by_line() -> None:
    assert epc_payload(**ACCRA).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "CAIXESBBXXX",
        "Diploma Office",
        "ES9121000418450200051332",
        "EUR1000.00",
        "",
        "RF40M220240014",
    ]


def test_a_bank_code_is_optional() -> None:
    assert epc_payload(**ACCRA | {"bic": ""}).split("\n")[4] == ""


def test_a_long_beneficiary_is_cut_at_seventy_characters() -> None:
    name = epc_payload(**ACCRA | {"beneficiary": "Word " * 20}).split("\n")[5]
    assert (len(name), name) == (69, ("Word " * 14).strip())


@pytest.mark.parametrize("amount", ["0", "0.001", "-5", "1000000000.00", "10.005"])
def test_an_amount_that_no_transfer_has_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="cannot be asked for"):
        epc_payload(**ACCRA | {"amount": Decimal(amount)})


def test_a_reference_with_wrong_check_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="no creditor reference"):
        epc_payload(**ACCRA | {"reference": "RF41M220240014"})


def test_a_blank_beneficiary_is_refused() -> None:
    with pytest.raises(ValueError, match="beneficiary"):
        epc_payload(**ACCRA | {"beneficiary": " "})


def test_the_whole_code_fits_the_size_that_the_guideline_allows() -> None:
    payload = epc_payload(**ACCRA | {"beneficiary": "é" * 70, "amount": Decimal("999999999.99")})
    assert len(payload.encode()) <= 331
