"""Looking into XML elements by their local names, with a place for every refusal.

Local names only: some banks declare the namespace in a way that leaves the elements in none.
"""

import re
from datetime import date
from functools import lru_cache

from lxml import etree

from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.foundation.money import exponent

type Element = etree._Element  # noqa: SLF001 -- the only name lxml has for its element class

type Children = dict[str, Element]

ONLY_ONCE = {"Amt", "CdtDbtInd", "Sts"}
PLAIN_AMOUNT = re.compile(r"[+]?(?:[0-9]{1,18}(?:\.[0-9]*)?|\.[0-9]+)")
LONGEST_AMOUNT = 32
LARGEST_AMOUNT = 10**18  # beyond it neither a database integer nor a bank has such a sum
CURRENCY = re.compile(r"[A-Z]{3}")
DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?")


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child(parent: Element, name: str) -> Element | None:
    """Return the first child of that name."""
    return next(parent.iterchildren(f"{{*}}{name}"), None)


def children_of(parent: Element | None) -> Children:
    """Return the first child of each name, in one walk: reading an entry asks for many.

    :raises StatementRefused: when what decides about money is there twice.
    """
    found: Children = {}
    if parent is None:
        return found
    for element in parent:
        name = element.tag.rpartition("}")[2]
        if name not in found:
            found[name] = element
        elif name in ONLY_ONCE:
            raise StatementRefused("twice", f"{name} is there more than once", place_of(parent))
    return found


def required(children: Children, name: str, parent: Element) -> Element:
    """Return a child that must be there.

    :raises StatementRefused: when it is missing.
    """
    if name not in children:
        raise StatementRefused("missing", f"{name} is missing", place_of(parent))
    return children[name]


def descend(parent: Element | None, *names: str) -> Element | None:
    """Follow first children by name; null where the path ends early."""
    for name in names:
        if parent is None:
            return None
        parent = child(parent, name)
    return parent


def text_of(element: Element | None) -> str | None:
    """Return the text of a leaf without blanks around it; null when it is absent or empty.

    :raises StatementRefused: when elements are mixed into the text.
    """
    if element is None:
        return None
    if len(element):
        raise StatementRefused("mixed", "text was expected, elements were found", place_of(element))
    return (element.text or "").strip() or None


def text_at(parent: Element | None, *names: str) -> str | None:
    """Return the text at the end of a path of first children."""
    return text_of(descend(parent, *names))


def line_of(element: Element) -> int | None:
    """Return the line an element begins on; files beyond 65,535 lines are counted right too."""
    line: int | None = element.sourceline  # type: ignore[assignment]  # the stubs leave its type open
    return line


def place_of(element: Element) -> str:
    """Return where a person finds the element: ``line 40, Stmt/Ntry/Amt``."""
    path = [local(element)]
    for parent in element.iterancestors():
        if (name := local(parent)) in {"BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn", "Document"}:
            break
        path.append(name)
    return f"line {line_of(element)}, {'/'.join(reversed(path))}"


def currency_of(amount: Element, default: str | None = None) -> str:
    """Return the currency an amount names, else the account's.

    :raises StatementRefused: when there is none, or it is no currency code.
    """
    named = amount.get("Ccy")
    currency = default if named is None else named.strip()
    if currency is None:
        raise StatementRefused("currency", "the amount has no currency", place_of(amount))
    if not CURRENCY.fullmatch(currency):
        raise StatementRefused("currency", f"{shown(currency)} is no currency code", place_of(amount))
    return currency


def minor_units(amount: Element, currency: str) -> int:
    """Return an amount in minor units of its currency; direction is told elsewhere, so it has no sign.

    :raises StatementRefused: when it is no plain number, or has more non-zero digits than the currency.
    """
    text = plain_number(amount)
    whole, _, digits = text.partition(".")
    kept = exponent(currency)
    if digits[kept:].strip("0"):
        raise StatementRefused("digits", f"{text} has more digits than {currency} has", place_of(amount))
    minor = int(whole + digits[:kept].ljust(kept, "0"))
    if minor >= LARGEST_AMOUNT:
        raise StatementRefused("amount", f"{text} is larger than any sum of money", place_of(amount))
    return minor


def plain_number(amount: Element) -> str:
    """Return the text of an amount: digits and a point, without a sign.

    :raises StatementRefused: when it is anything else.
    """
    text = text_of(amount) or ""
    if len(text) > LONGEST_AMOUNT or not PLAIN_AMOUNT.fullmatch(text):
        raise StatementRefused("amount", f"{shown(text)} is no amount", place_of(amount))
    return text


def sign_of(indicator: Element) -> int:
    """Return +1 for a credit, -1 for a debit: CdtDbtInd alone gives the direction.

    :raises StatementRefused: when it says neither.
    """
    text = text_of(indicator)
    if text == "CRDT":
        return 1
    if text == "DBIT":
        return -1
    raise StatementRefused("direction", f"{shown(text)} is neither CRDT nor DBIT", place_of(indicator))


def flag_of(element: Element | None) -> bool:
    """Return a yes or no; absent is no.

    :raises StatementRefused: when it is neither.
    """
    if element is None:
        return False
    text = text_of(element)
    if text in {"true", "1"}:
        return True
    if text in {"false", "0"}:
        return False
    raise StatementRefused("flag", f"{shown(text)} is neither true nor false", place_of(element))


def chosen_day(choice: Element | None) -> date | None:
    """Return the day of a date choice (Dt or DtTm) as the bank wrote it; null when it is absent.

    :raises StatementRefused: when it holds no date.
    """
    if choice is None:
        return None
    leaves = children_of(choice)
    leaf = leaves.get("Dt", leaves.get("DtTm"))
    if leaf is None:
        raise StatementRefused("date", "there is no date", place_of(choice))
    return day_of(leaf)


def day_of(leaf: Element) -> date:
    """Return the day in a date or instant.

    :raises StatementRefused: when it is no date of the calendar.
    """
    text = text_of(leaf) or ""
    day = _day(text)
    if day is None:
        raise StatementRefused("date", f"{shown(text)} is no date", place_of(leaf))
    return day


def shown(text: str | None) -> str:
    """Return foreign text fit for a message: quoted and short."""
    return repr((text or "")[:40])


@lru_cache(maxsize=256)
def _day(text: str) -> date | None:
    """Return the day in a text, or None; a statement says few days many times."""
    found = DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
