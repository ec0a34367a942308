"""Statement files of any length for the benchmark and the tests: written in pieces, the same for the same words.

Every line says another sum or payer, so that each is an entry of its own; bills are paid by lines spread evenly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_pieces

ACCOUNT = "ES7599990001412024111800"  # the demo account of the shipped edition
FIRST_DAY = date(2024, 10, 14)
LINES_A_DAY = 2000
DEBIT_EVERY = 25


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill that a line pays exactly."""

    reference: str
    total_minor: int


def write_statement(path: Path, *, lines: int, bills: Sequence[Bill] = (), number: int = 1) -> Path:
    """Write a camt.053 file of ``lines`` entries that pay ``bills``; return its path.

    ``number`` is the statement's: two numbers share no entry.

    :raises ValueError: when there are more bills than lines.
    """
    if len(bills) > lines:
        raise ValueError(f"{lines} lines cannot pay {len(bills)} bills")
    statement = CamtStatement(
        account=ACCOUNT,
        entries=_Lines(lines, bills, number),
        statement_id=f"BENCH-{number}",
        created_at=datetime(2024, 10, 21, 6, 0, tzinfo=UTC),
    )
    with path.open("w", encoding="utf-8") as writing:
        writing.writelines(camt_pieces(statement))
    return path


class _Lines(Sequence[CamtEntry]):
    """The entries, each made when it is asked for, so that no file is too long to hold."""

    def __init__(self, lines: int, bills: Sequence[Bill], number: int) -> None:
        self._lines, self._number = lines, number
        self._bills = {position * lines // len(bills): bill for position, bill in enumerate(bills)}

    def __len__(self) -> int:
        return self._lines

    def __getitem__(self, position: Any) -> Any:
        """Return one entry; slices are never asked for."""
        if not 0 <= position < self._lines:
            raise IndexError(position)
        bill = self._bills.get(position)
        told = f"{self._number:03}{position:09}"
        return _payment(position, told, bill) if bill else _other(position, told)


def _payment(position: int, told: str, bill: Bill) -> CamtEntry:
    return CamtEntry(
        amount_cents=bill.total_minor,
        booking_date=_day(position),
        payer_name=f"Treasury of city {position}",
        payer_iban="PT50000201231234567890154",
        reference=bill.reference,
        remittance=(f"Payment order {told}",),
        bank_reference=f"B{told}",
    )


def _other(position: int, told: str) -> CamtEntry:
    """Money that pays no bill of ours: rents, fees, grants; every so often it leaves."""
    sign = -1 if position % DEBIT_EVERY == 0 else 1
    return CamtEntry(
        amount_cents=sign * (10_000 + position * 7 % 900_000),
        booking_date=_day(position),
        payer_name=f"Counterparty {position % 977}",
        payer_iban="FR1420041010050500013M02606",
        remittance=(f"Order {position} of the season", f"customer {position % 313}"),
        end_to_end_id=f"E2E-{told}",
        bank_reference=f"B{told}",
    )


def _day(position: int) -> date:
    return FIRST_DAY + timedelta(days=position // LINES_A_DAY)
