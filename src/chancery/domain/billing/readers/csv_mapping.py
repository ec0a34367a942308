"""How a bank writes its CSV: which column says what, and how days and amounts look."""

import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from chancery.foundation.money import minor_from_decimal

FORMAT = "csv"
MUST = ("account", "currency", "booking_date")


class MappingRefused(ValueError):
    """A mapping that cannot be used; says which key is wrong and what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvMapping:
    """One way of writing; names of columns as they stand in the header, blank where there is none.

    Either ``amount`` holds signed sums, or ``credit`` and ``debit`` hold one each, or ``amount`` is without a sign and
    the column ``direction`` says ``debit_word`` where money went out, ``credit_word`` where it came in. ``date_format``
    is that of strptime.
    ``rows_before`` is how many rows stand before the header.
    """

    account: str
    currency: str
    booking_date: str
    value_date: str = ""
    amount: str = ""
    credit: str = ""
    debit: str = ""
    direction: str = ""
    debit_word: str = "D"
    credit_word: str = "C"
    balance: str = ""
    payer_name: str = ""
    payer_iban: str = ""
    remittance: tuple[str, ...] = ()
    bank_reference: str = ""
    end_to_end_id: str = ""
    encoding: str = "utf-8"
    delimiter: str = ";"
    quote: str = '"'
    date_format: str = "%d/%m/%Y"
    decimal_mark: str = ","
    thousands_mark: str = "."
    rows_before: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be read by.

        :raises MappingRefused: with the key and the remedy.
        """
        for key in MUST:
            if not getattr(self, key).strip():
                raise MappingRefused(f"{key}: is needed")
        if not (self.amount or (self.credit and self.debit)):
            raise MappingRefused("amount: name the column of the amount, or both credit and debit")
        if len(self.delimiter) != 1 or len(self.quote) != 1 or len(self.decimal_mark) != 1:
            raise MappingRefused("delimiter, quote and decimal_mark: one sign each")
        if self.decimal_mark == self.thousands_mark:
            raise MappingRefused("thousands_mark: must differ from decimal_mark")
        if self.rows_before < 0:
            raise MappingRefused("rows_before: zero or more")
        try:
            b"-".decode(self.encoding, errors="ignore")
        except (LookupError, ValueError):  # not known, or not one in which files are written
            raise MappingRefused(f"encoding: {self.encoding} is not known") from None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        named = (
            *(self.booking_date, self.value_date, self.amount, self.credit, self.debit, self.direction, self.balance),
            *(self.payer_name, self.payer_iban, *self.remittance, self.bank_reference, self.end_to_end_id),
        )
        return tuple(dict.fromkeys(name for name in named if name))

    def day(self, text: str) -> date | None:
        """Return a day as the bank writes it; None where it writes none.

        :raises ValueError: when it is no such day.
        """
        return date(*time.strptime(text.strip(), self.date_format)[:3]) if text.strip() else None

    def minor(self, text: str) -> int:
        """Return an amount as the bank writes it, in minor units.

        :raises ValueError: when it is no amount, or has more digits than the currency has.
        """
        plain = "".join(text.split()).replace("\u2212", "-")
        if self.thousands_mark:
            plain = plain.replace(self.thousands_mark, "")
        if plain.endswith("-"):
            plain = f"-{plain[:-1]}"
        try:
            amount = Decimal(plain.replace(self.decimal_mark, "."))
        except InvalidOperation:
            raise ValueError(f"{text!r} is not an amount") from None
        return minor_from_decimal(amount, self.currency)


def mapping_from_toml(text: str) -> CsvMapping:
    """Return the mapping that a TOML document holds.

    :raises MappingRefused: when it is no TOML, or a key is unknown, missing or wrong.
    """
    try:
        return mapping_from_values(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MappingRefused(f"this is not TOML: {error}") from error


def mapping_from_values(values: Mapping[str, Any]) -> CsvMapping:
    """Return the mapping that plain values hold, such as those of a saved one.

    :raises MappingRefused: when a key is unknown, missing or wrong.
    """
    known = {field.name: field.type for field in fields(CsvMapping)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise MappingRefused(f"{unknown[0]}: no key of a mapping; there are {', '.join(known)}")
    missing = [key for key in MUST if key not in values]
    if missing:
        raise MappingRefused(f"{missing[0]}: is needed")
    told = dict(values)
    texts = told.get("remittance", ())
    told["remittance"] = (texts,) if isinstance(texts, str) else tuple(texts)
    for key, value in told.items():
        wanted = int if key == "rows_before" else tuple if key == "remittance" else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise MappingRefused(f"{key}: {value!r} is no {'number' if wanted is int else 'text'}")
    return CsvMapping(**told)


def mapping_as_values(mapping: CsvMapping) -> dict[str, Any]:
    """Return a mapping as plain values to be stored."""
    values = {field.name: getattr(mapping, field.name) for field in fields(mapping)}
    return values | {"remittance": list(mapping.remittance)}
