"""Whose money still stands on a bill, after what the bank took back of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OnBill:
    """What one bank line has on a bill, in minor units; negative where it took money back."""

    entry_id: int
    minor: int
    day: date
    payer_iban: str = ""
    end_to_end_id: str = ""


@dataclass(frozen=True, slots=True)
class LeftOnBill:
    """What is left of a credit on its bill; not ``sure`` where another payer's credit may be what was taken back."""

    entry_id: int
    minor: int
    sure: bool = True


def money_standing(lines: Sequence[OnBill]) -> list[LeftOnBill]:
    """Return what stands of each credit of a bill, the newest first, after its debits took their money back.

    A debit takes from the credit with its end-to-end reference, then from those of its account, first where the sum is
    the same. What fits neither is taken from a credit of the same sum, else from the newest: where more than one payer
    has paid, nobody knows then whose money stands.
    """
    by_day = sorted(lines, key=lambda line: (line.day, line.entry_id))
    paid = [line for line in reversed(by_day) if line.minor > 0]
    left = {line.entry_id: line.minor for line in paid}
    guessed = False
    for debit in (line for line in by_day if line.minor < 0):
        owed = -debit.minor
        for fits in _surely(debit):
            owed = _take(owed, [line for line in paid if fits(line)], left)
        guessed |= bool(owed)
        same = [line for line in paid if left[line.entry_id] == owed]
        owed = _take(owed, [*same, *paid], left)
    payers = {line.payer_iban for line in paid}
    sure = not guessed or len(paid) == 1 or (len(payers) == 1 and "" not in payers)
    return [LeftOnBill(line.entry_id, left[line.entry_id], sure) for line in paid if left[line.entry_id]]


def _surely(debit: OnBill) -> list[Callable[[OnBill], bool]]:
    """Return what a credit must have in common with a debit to be the one that it takes back, the surest first."""

    def is_named(credit: OnBill) -> bool:
        return bool(debit.end_to_end_id) and credit.end_to_end_id == debit.end_to_end_id

    def is_same_payer(credit: OnBill) -> bool:
        return bool(debit.payer_iban) and credit.payer_iban == debit.payer_iban

    def is_same_payment(credit: OnBill) -> bool:
        return is_same_payer(credit) and credit.minor == -debit.minor

    return [is_named, is_same_payment, is_same_payer]


def _take(owed: int, paid: Sequence[OnBill], left: dict[int, int]) -> int:
    """Take what is owed from the paid in their order; return what they could not cover."""
    for line in paid:
        part = min(owed, left[line.entry_id])
        left[line.entry_id] -= part
        owed -= part
    return owed
