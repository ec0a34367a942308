"""The file with which a bank pays refunds is a message of its scheme, or none is made."""

from datetime import date
from typing import Any

import pytest

from chancery.domain.billing.documents.refund_file import (
    NotAPaymentFile,
    Payment,
    PaymentFile,
    payment_file,
    written_name,
)

GOOD = {"name": "Ada Example", "iban": "DE89370400440532013000", "amount_minor": 75_000, "end_to_end_id": "R-1"}


def made(**other: Any) -> PaymentFile:
    told: dict[str, Any] = {**GOOD, **other}
    return payment_file(
        [Payment(**told)], payer="Example Network", iban="ES9121000418450200051332", bic="", pay_on=date(2024, 11, 4)
    )


def test_a_message_carries_its_identification_and_the_sum() -> None:
    file = made()

    assert f"<MsgId>{file.message_id}</MsgId>".encode() in file.content
    assert b'<InstdAmt Ccy="EUR">750.00</InstdAmt>' in file.content


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param({"end_to_end_id": "R" * 36}, "EndToEndId", id="an identification longer than 35"),
        pytest.param({"iban": "NO IBAN"}, "IBAN", id="an account that is none"),
    ],
)
def test_facts_that_make_no_message_are_refused_with_the_place(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(NotAPaymentFile, match=said):
        made(**wrong)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ciudad de Łódź", "Ciudad de Lodz"),
        ("A\x01B\x0bC", "A B C"),
        ("😀", ""),
        ("\u202e", ""),
        ("½" * 70, "1/2" * 23 + "1"),
    ],
    ids=["other letters", "control characters", "no letter", "a mark of direction", "longer when written"],
)
def test_a_name_is_written_in_what_the_scheme_takes_of_it(name: str, written: str) -> None:
    assert written_name(name) == written


def test_a_control_character_in_a_name_makes_a_message_all_the_same() -> None:
    assert b"<Nm>A B</Nm>" in made(name="A\x01B").content
