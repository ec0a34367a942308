"""The SWIFT account statement MT940, read as a stream in flat memory.

A statement comes in pages (:62M: to :60M:): pages of one account and number are one statement. The currency is that of
the opening balance. RC takes a credit back and is money that leaves, RD a debit and is money that comes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import iban

from chancery.domain.billing.readers.content import (
    FileOpened,
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
)
from chancery.domain.billing.readers.mt940_fields import Field, fields
from chancery.domain.billing.readers.mt940_texts import Told, read_text
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.readers.sources import Source
from chancery.domain.billing.states import EntryStatus
from chancery.foundation.money import exponent

NAME = "mt940"
LARGEST = 10**18
_TRANSACTION = re.compile(
    r"^(?P<value>\d{6})(?P<entry>\d{4})?(?P<mark>R[CD]|E[CD]|[CD])(?P<funds>[A-Z])?(?P<amount>\d{1,15}[,.]?\d{0,6})"
    r"(?P<kind>[A-Z][A-Z0-9]{3})(?P<reference>.*)$"
)
_BALANCE = re.compile(r"^(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d{1,15}[,.]?\d{0,6})$")
_CHARGES = re.compile(r"/CHGS/(?P<currency>[A-Z]{3})(?P<amount>\d{1,12}[,.]?\d{0,3})")
# What stands for a reference that is told in the text, or for none.
ELSEWHERE = frozenset({"NONREF", "EREF", "KREF", "MREF", "CREF", "PREF", "MARF", "NOTPROVIDED", ""})
SIGNS = {"C": 1, "D": -1, "RC": -1, "RD": 1, "EC": 1, "ED": -1}


@dataclass(slots=True)
class _Open:
    """The statement that is being read; ``goes_on`` after the balance that ends a page but not the statement."""

    number: int
    account: str = ""
    ident: str = ""
    currency: str = ""
    opening: int | None = None
    closing: int | None = None
    booked: int = 0
    goes_on: bool = False
    place: str = ""


def read_mt940(source: Source) -> Iterator[StatementEvent]:
    """Read the statements of a file.

    :raises StatementRefused: with the line, when anything that decides about money is broken or missing.
    """
    yield FileOpened(NAME)
    current, waiting = _Open(1), None
    for field in fields(source):
        if waiting is not None:
            yield _transaction(current, waiting, field.words if field.tag == "86" else ())
            waiting = None
        if _begins_another(current, field):
            yield _closed(current)
            current = _Open(current.number + 1, account=current.account if field.tag.startswith(("28", "60")) else "")
        if field.tag == "61":
            waiting = _begun(current, field)
        else:
            yield from _take(current, field)
    if waiting is not None:
        yield _transaction(current, waiting, ())
    if not current.account and current.number == 1:
        raise StatementRefused("empty", "the file holds no statement", "line 1")
    yield _closed(current)


def _begins_another(current: _Open, field: Field) -> bool:
    """Tell whether the field belongs to another statement than the one that is open."""
    if current.closing is None:
        return False
    if not current.goes_on:
        return field.tag in {"20", "25", "25P"}
    match field.tag:
        case "25" | "25P":
            return _account(field) != current.account
        case "28" | "28C":
            return _ident(field) != current.ident
        case "60F":
            return True
        case "60M":
            return _balance(field)[1] != current.closing
        case _:
            return False


def _take(current: _Open, field: Field) -> Iterator[StatementEvent]:
    match field.tag:
        case "25" | "25P":
            current.account, current.place = _account(field), field.place
        case "28" | "28C":
            current.ident = _ident(field)
        case "60F" | "60M":
            currency, amount = _balance(field)
            if current.goes_on:
                current.goes_on, current.closing = False, None
                return
            if not current.account or current.opening is not None:
                raise StatementRefused("account", "the statement does not say whose account it is (:25:)", field.place)
            current.currency, current.opening, current.place = currency, amount, field.place
            yield StatementOpened(current.number, current.account, currency, current.ident or None, None, amount)
        case "62F" | "62M":
            currency, amount = _balance(field)
            if currency != current.currency:
                raise StatementRefused("currency", f"the statement began in {current.currency or 'none'}", field.place)
            current.closing, current.goes_on = amount, field.tag == "62M"
        case _:
            return


def _begun(current: _Open, field: Field) -> Field:
    if current.opening is None or current.closing is not None:
        raise StatementRefused("missing", "a transaction stands outside of a statement (:60F: to :62F:)", field.place)
    return field


def _closed(current: _Open) -> StatementClosed:
    if current.opening is None or current.closing is None:
        place = current.place or "line 1"
        raise StatementRefused("broken", "the statement is cut off: its closing balance (:62F:) is missing", place)
    balanced = current.opening + current.booked == current.closing
    return StatementClosed(current.number, current.opening, current.closing, balanced)


def _transaction(current: _Open, field: Field, text: tuple[str, ...]) -> StatementEntry:
    found = _TRANSACTION.match(field.words[0].strip())
    if found is None:
        raise StatementRefused("transaction", f"{field.words[0][:60]!r} is no transaction", field.place)
    amount = SIGNS[found["mark"]] * _minor(found["amount"], current.currency, field)
    status = EntryStatus.PENDING if found["mark"].startswith("E") else EntryStatus.BOOKED
    value = _day(found["value"], field)
    told, (own, bank) = read_text(text), _references(found["reference"])
    further = " ".join(field.words[1:])
    if status is EntryStatus.BOOKED:
        current.booked += amount
    return StatementEntry(
        amount_cents=amount,
        currency=current.currency,
        status=status,
        reversal=found["mark"].startswith("R"),
        booking_date=_entry_day(found["entry"], value, field),
        value_date=value,
        counterparty_name=told.name,
        counterparty_iban=told.account,
        creditor_references=told.references,
        remittance=_purpose(told, further if not text else ""),
        end_to_end_id=told.end_to_end_id or own,
        bank_reference=bank,
        entry_reference=None,
        charges_cents=_charges(further, current.currency, field),
        detail_index=1,
        line=field.line,
        raw="\n".join((f":61:{field.words[0]}", *field.words[1:], *([f":86:{text[0]}", *text[1:]] if text else []))),
    )


def _purpose(told: Told, further: str) -> str:
    return told.remittance or " ".join(further.split())


def _references(words: str) -> tuple[str | None, str | None]:
    """Return the reference of the account's owner (none where the bank only says where it stands) and the bank's."""
    own, _, bank = words.partition("//")
    own = own.strip()
    return (None if own.upper().rstrip("+") in ELSEWHERE else own or None), bank.strip() or None


def _account(field: Field) -> str:
    """Return the account: the IBAN where one stands among bank code and currency, else as it is written."""
    packed = "".join(field.text.split()).upper()
    for candidate in (*packed.split("/"), packed[:-3]):
        if iban.is_valid(candidate):
            return candidate
    if not packed:
        raise StatementRefused("account", "the statement does not say whose account it is", field.place)
    return packed


def _ident(field: Field) -> str:
    return field.text.partition("/")[0]


def _balance(field: Field) -> tuple[str, int]:
    found = _BALANCE.match("".join(field.text.split()))
    if found is None:
        raise StatementRefused("balance", f"{field.text[:60]!r} is no balance", field.place)
    _day(found["day"], field)
    return found["currency"], SIGNS[found["mark"]] * _minor(found["amount"], found["currency"], field)


def _charges(words: str, currency: str, field: Field) -> int:
    found = _CHARGES.search(words)
    return _minor(found["amount"], currency, field) if found and found["currency"] == currency else 0


def _minor(text: str, currency: str, field: Field) -> int:
    whole, _, digits = text.replace(".", ",").partition(",")
    kept = exponent(currency)
    if digits[kept:].strip("0"):
        raise StatementRefused("digits", f"{text} has more digits than {currency} has", field.place)
    minor = int(whole + digits[:kept].ljust(kept, "0"))
    if minor >= LARGEST:
        raise StatementRefused("amount", f"{text} is larger than any sum of money", field.place)
    return minor


def _day(text: str, field: Field) -> date:
    year = int(text[:2])
    try:
        return date(year + (1900 if year >= 80 else 2000), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise StatementRefused("date", f"{text} is no day", field.place) from None


def _entry_day(text: str | None, value: date, field: Field) -> date:
    """Return the day of booking, which lacks its year: the one nearest to the value date, over the turn of a year."""
    if text is None:
        return value
    days = []
    for year in (value.year - 1, value.year, value.year + 1):
        try:
            days.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:  # 29 February exists in some of them
            continue
    if not days:
        raise StatementRefused("date", f"{text} is no day", field.place)
    return min(days, key=lambda day: abs(day - value))
