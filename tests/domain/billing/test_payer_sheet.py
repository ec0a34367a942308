"""The sheet with supplier and payment details that goes with a bill."""

from pathlib import Path

import pytest
from tests.domain.billing.papers import ACCRA, ISSUED_AT, invoice
from tests.foundation.documents.reading import text_of
from tests.foundation.documents.verapdf import violations

from chancery.domain.billing.documents.payer_sheet import render_payer_sheet
from chancery.foundation.documents.facts import freeze


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_the_sheet_conforms_in_every_language(language: str) -> None:
    sheet = render_payer_sheet(ACCRA, language=language, issued_at=ISSUED_AT)

    assert violations(sheet, "a-2a") + violations(sheet, "ua-1") == []


def test_the_sheet_says_who_we_are_and_where_the_money_goes(tmp_path: Path) -> None:
    text = text_of(render_payer_sheet(ACCRA, language="en", issued_at=ISSUED_AT), tmp_path)

    wanted = (
        *("Diploma Office (demonstration)", "ESG00000000", "Carrer de la Rosa dels Vents 8", "finance@diploma.example"),
        *("ES91 2100 0418 4502 0005 1332", "CAIXESBBXXX", "Demonstration Bank", "RF40 M220 2400 14"),
        *("M2-2024-0014", "EUR 1,000.00", "Accra Metropolitan Assembly", "PO 2024/1187", "4 November 2024"),
        "the amounts on this paper are examples",
    )
    assert [words for words in wanted if words not in text] == []


def test_without_an_account_the_sheet_asks_for_no_transfer(tmp_path: Path) -> None:
    text = text_of(render_payer_sheet(invoice(beneficiary=None), language="en", issued_at=ISSUED_AT), tmp_path)

    assert ("How to pay" in text, "Who we are" in text) == (False, True)


def test_the_frozen_facts_of_a_bill_give_the_same_bytes() -> None:
    made = [render_payer_sheet(each, language="en", issued_at=ISSUED_AT) for each in (ACCRA, freeze(ACCRA))]

    assert made[0] == made[1]


def test_the_sheet_of_a_shared_fee_names_the_other_payer(tmp_path: Path) -> None:
    text = text_of(render_payer_sheet(invoice(other_payer="Ada Example"), language="en", issued_at=ISSUED_AT), tmp_path)

    assert ("The rest of the fee is billed to" in text, "Ada Example" in text) == (True, True)
