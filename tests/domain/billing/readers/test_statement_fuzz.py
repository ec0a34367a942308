"""Mutated statements: read to the cent as they say, or refused with a place; never anything else.

``CHANCERY_FUZZ`` says how many; a thousand of each kind by default.
"""

import os
import random
from datetime import date
from io import BytesIO

import pytest
from tests.factories.mt940 import ACCOUNT, message
from tests.factories.mutations import mutated

from chancery.domain.billing.readers import CsvMapping, StatementRefused, read_file
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file

DAY = date(2024, 10, 21)
MANY = int(os.environ.get("CHANCERY_FUZZ", "1000"))
ENTRIES = [CamtEntry(amount, DAY, reference="RF18539007547034", remittance=("fee",)) for amount in (150_000, -4_20, 7)]
BANK = CsvMapping(
    account=ACCOUNT, currency="EUR", booking_date="Day", amount="Sum", balance="Left", remittance=("Text",)
)
SEEDS = {
    "csv": (
        b"Day;Sum;Text;Left\r\n21/10/2024;1.500,00;RF18539007547034;1.501,00\r\n"
        b'22/10/2024;-4,20;"fee; monthly";1.496,80\r\n23/10/2024;0,07;;1.496,87\r\n'
    ),
    "camt": camt_file(CamtStatement(ACCOUNT, ENTRIES, opening_cents=100), version=8),
    "mt940": message(
        ":61:2410221021C1500,00NTRFNONREF//BANK-1",
        ":86:166?00GUTSCHRIFT?20SVWZ+RF18539007547034?32STADT BEISPIEL",
        ":61:2410221021RC20,00NTRFNONREF",
        ":86:/NAME/GEMEENTE/REMI/fee/",
        ":62F:C241021EUR1580,00",
    ).encode(),
}


@pytest.mark.parametrize("kind", SEEDS)
def test_a_mutated_statement_is_read_or_refused_with_its_place(kind: str) -> None:
    chance = random.Random(20241018)  # noqa: S311 -- the same mutations each time
    read = refused = unplaced = 0
    for _ in range(MANY):
        try:
            content = read_file(BytesIO(mutated(SEEDS[kind], chance)), mappings=[BANK])
        except StatementRefused as no:
            refused += bool(no.reason and no.place)
            unplaced += not (no.reason and no.place)
            continue
        for statement in content.statements:
            sums: dict[str, int] = {}
            for entry in statement.entries:
                if entry.status == "booked":
                    sums[entry.currency] = sums.get(entry.currency, 0) + entry.amount_cents
            if statement.closed.balanced and statement.closed.opening_cents is not None and len(sums) == 1:
                (booked,) = sums.values()
                assert statement.closed.opening_cents + booked == statement.closed.closing_cents
        read += 1

    assert unplaced == 0
    assert read > MANY // 20
    assert refused > MANY // 20
