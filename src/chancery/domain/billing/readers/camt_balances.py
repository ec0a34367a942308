"""The balances of a statement: which of them count, and whether the entries explain them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chancery.domain.billing.readers.elements import (
    CURRENCY,
    Element,
    children_of,
    chosen_day,
    currency_of,
    descend,
    minor_units,
    place_of,
    required,
    shown,
    sign_of,
    text_at,
    text_of,
)
from chancery.domain.billing.readers.refusal import StatementRefused

OPENING = ("OPBD", "PRCD")  # the day's opening, else the closing of the day before
CLOSING = "CLBD"  # CLAV, ITBD and others are not what is in the books
COUNTED = (*OPENING, CLOSING)


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance that counts, signed."""

    code: str
    amount_cents: int
    currency: str
    day: date | None


def read_balance(element: Element) -> list[Balance]:
    """Read a balance; none when it is of a kind that does not count.

    :raises StatementRefused: when one that counts is broken.
    """
    kind = descend(element, "Tp", "CdOrPrtry")
    code = text_at(kind, "Cd") or text_at(kind, "Prtry")
    if code not in COUNTED:
        return []
    parts = children_of(element)
    amount = required(parts, "Amt", element)
    currency = currency_of(amount, account_currency(element.getparent()))
    cents = sign_of(required(parts, "CdtDbtInd", element)) * minor_units(amount, currency)
    return [Balance(code, cents, currency, chosen_day(parts.get("Dt")))]


def account_currency(statement: Element | None) -> str | None:
    """Return the currency a statement names for its account; null when it names none.

    :raises StatementRefused: when it is no currency code.
    """
    leaf = descend(statement, "Acct", "Ccy")
    named = text_of(leaf)
    if leaf is not None and named and not CURRENCY.fullmatch(named):
        raise StatementRefused("currency", f"{shown(named)} is no currency code", place_of(leaf))
    return named


def currency_of_balances(balances: Sequence[Balance]) -> str | None:
    """Return the currency of the opening, else of the closing balance."""
    found = sorted(balances, key=lambda balance: COUNTED.index(balance.code))
    return found[0].currency if found else None


def opening_of(balances: Sequence[Balance], currency: str) -> int | None:
    """Return the earliest opening: a statement over several days tells one a day."""
    for code in OPENING:
        if found := _of_kind(balances, code, currency):
            return min(found, key=_day).amount_cents
    return None


def closing_of(balances: Sequence[Balance], currency: str) -> int | None:
    """Return the latest closing."""
    found = _of_kind(balances, CLOSING, currency)
    return max(reversed(found), key=_day).amount_cents if found else None


def adds_up(balances: Sequence[Balance], booked: Mapping[str, int], currency: str | None) -> bool | None:
    """Tell whether the books add up in every currency; null when a currency in use lacks a balance."""
    explained = set()
    for name in {balance.currency for balance in balances}:
        before, after = opening_of(balances, name), closing_of(balances, name)
        if before is None or after is None:
            continue
        if before + booked.get(name, 0) != after:
            return False
        explained.add(name)
    needed = {*booked, *filter(None, [currency])}
    return True if needed and needed <= explained else None


def _of_kind(balances: Sequence[Balance], code: str, currency: str) -> list[Balance]:
    return [balance for balance in balances if (balance.code, balance.currency) == (code, currency)]


def _day(balance: Balance) -> date:
    return balance.day or date.min
