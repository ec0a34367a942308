import json
import os
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from tests.domain.billing.readers.test_camt_entries import DAY
from tests.factories.camt import ACCOUNT, document, statement

from chancery.domain.billing.readers import StatementRefused, as_json, read_file, read_statements, write_json
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file

CHECKOUT = Path(__file__).resolve().parents[4]
TWENTY_DAYS = "mt940-sepa_mt9401.sta"
CONTENT = camt_file(
    CamtStatement(
        ACCOUNT,
        [
            CamtEntry(150_000, DAY, payer_name="Città «Uno»", remittance=("fee",), bank_reference="B1"),
            CamtEntry(-700, DAY, status="PDNG"),
        ],
        opening_cents=100,
    ),
    CamtStatement(ACCOUNT, [], opening_cents=None, currency="JPY"),
)


def streamed(content):
    out = StringIO()
    write_json(read_statements(BytesIO(content)), out)
    return out.getvalue()


def test_the_document_has_exactly_the_agreed_shape():
    assert as_json(read_file(BytesIO(CONTENT))) == {
        "format": "camt.053.001.08",
        "statements": [
            {
                "account": ACCOUNT,
                "currency": "EUR",
                "opening_cents": 100,
                "closing_cents": 150_100,
                "balanced": True,
                "entries": [
                    {
                        "amount_cents": 150_000,
                        "currency": "EUR",
                        "status": "booked",
                        "reversal": False,
                        "booking_date": "2024-10-21",
                        "value_date": "2024-10-21",
                        "payer_name": "Città «Uno»",
                        "payer_iban": None,
                        "creditor_reference": None,
                        "remittance": "fee",
                        "end_to_end_id": "NOTPROVIDED",
                        "bank_reference": "B1",
                        "charges_cents": 0,
                    },
                    {
                        "amount_cents": -700,
                        "currency": "EUR",
                        "status": "pending",
                        "reversal": False,
                        "booking_date": "2024-10-21",
                        "value_date": "2024-10-21",
                        "payer_name": None,
                        "payer_iban": None,
                        "creditor_reference": None,
                        "remittance": "",
                        "end_to_end_id": "NOTPROVIDED",
                        "bank_reference": None,
                        "charges_cents": 0,
                    },
                ],
            },
            {
                "account": ACCOUNT,
                "currency": "JPY",
                "opening_cents": None,
                "closing_cents": None,
                "balanced": None,
                "entries": [],
            },
        ],
    }


def test_the_streamed_document_is_the_same():
    assert json.loads(streamed(CONTENT)) == as_json(read_file(BytesIO(CONTENT)))


def test_nothing_is_written_of_a_file_that_is_refused_at_its_end():
    out = StringIO()
    with pytest.raises(StatementRefused):
        write_json(read_statements(BytesIO(CONTENT[:-20])), out)

    assert out.getvalue() == ""


def test_a_file_without_a_declared_version_names_only_the_message():
    assert read_file(BytesIO(document(statement(), namespace=""))).name == "camt.053"


def real_statements():
    """Return the folder with statements of real banks: as the environment names it, else one beside the checkout."""
    named = os.environ.get("CHANCERY_STATEMENTS")
    beside = next(CHECKOUT.parent.glob(f"*/samples/{TWENTY_DAYS}"), None)
    return Path(named) if named else beside and beside.parent


@pytest.mark.skipif(real_statements() is None, reason="no statements of real banks: set CHANCERY_STATEMENTS")
def test_files_of_real_banks_are_read_or_refused_and_the_same_twice():
    known = {}
    for path in sorted(real_statements().iterdir()):
        try:
            known[path.name] = as_json(read_file(path))
            assert as_json(read_file(path)) == known[path.name]
        except StatementRefused as refused:
            known[path.name] = f"{refused.code} {refused.place}"

    assert [name for name, told in known.items() if not isinstance(told, dict)] == ["genkgo-camt053.v2.wrong.xml"]
    statements = known[TWENTY_DAYS]["statements"]
    assert (len(statements), {statement["balanced"] for statement in statements}) == (20, {True})
