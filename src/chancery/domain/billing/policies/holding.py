"""Which payments and refunds a person looks at first: by the country of an account, of a payer or of an authority.

A list of countries is no screening of names; it says where somebody has to look before money moves (decision 62).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chancery.foundation.country_codes import two_letter_code

IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{8,30}")


class HeldBy(StrEnum):
    """What leads to a country of the list."""

    ACCOUNT = "account"
    PAYER = "payer"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Hold:
    """A country of the list (alpha-3) and what leads to it."""

    country: str
    by: HeldBy


def holds_of(
    listed: Collection[str], *, accounts: Iterable[str], payers: Iterable[str], authorities: Iterable[str]
) -> tuple[Hold, ...]:
    """Return why money is held; nothing where no country of the list is in it.

    ``accounts`` are numbers as the bank writes them, of which only an IBAN tells its country; the others are
    ISO 3166 alpha-3 codes, as ``listed`` is.
    """
    beginnings = account_beginnings(listed)
    heads = [_country_of(number) for number in accounts]
    found = [Hold(beginnings[head], HeldBy.ACCOUNT) for head in heads if head in beginnings]
    found += [Hold(country, HeldBy.PAYER) for country in payers if country in listed]
    found += [Hold(country, HeldBy.AUTHORITY) for country in authorities if country in listed]
    return tuple(dict.fromkeys(found))


def account_beginnings(listed: Iterable[str]) -> dict[str, str]:
    """Return the two letters with which an IBAN of each listed country begins, and the country."""
    return {head: country for country in listed if (head := two_letter_code(country))}


def is_account_in(number: str, beginnings: Collection[str]) -> bool:
    """Tell whether an account number is an IBAN of one of these countries (two letters)."""
    return _country_of(number) in beginnings


def _country_of(number: str) -> str:
    packed = "".join(number.split()).upper()
    return packed[:2] if IBAN.fullmatch(packed) else ""
