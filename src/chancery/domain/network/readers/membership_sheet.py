"""Reads a sheet of members and their contributions: CSV with the columns named in ``COLUMNS``."""

import csv
from dataclasses import dataclass
from datetime import date
from io import StringIO

from chancery.foundation.money import minor_from_text
from chancery.foundation.ruling import Refused, refusal

REQUIRED = ("city", "country")
COLUMNS = (*REQUIRED, "joined_on", "left_on", "year", "due", "currency", "paid_on")
MOST_ROWS = 20_000


class SheetRefused(Refused):
    """The sheet cannot be read as a whole: it is no text, or columns are missing or unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One line of the sheet: a member, and what it owed and paid for a year where ``year`` is given.

    ``due_minor`` None with a year means that nothing was due. ``problems`` are codes; blank when all is well.
    """

    line: int
    city: str
    country: str
    joined_on: date | None = None
    left_on: date | None = None
    year: int | None = None
    due_minor: int | None = None
    currency: str = "EUR"
    paid_on: date | None = None
    problems: tuple[str, ...] = ()


def read_sheet(content: bytes) -> list[SheetRow]:
    """Return the rows of a sheet, each with what is wrong with it.

    :raises SheetRefused: ``sheet_encoding``, ``sheet_columns``, ``sheet_empty`` or ``sheet_too_long``.
    """
    try:
        text = content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise SheetRefused(refusal("sheet_encoding"), "the sheet is no UTF-8 text") from error
    try:
        rows = _rows(text)
    except csv.Error as error:  # a cell of more than 128 KB: an open quotation mark, or no sheet at all
        raise SheetRefused(refusal("sheet_columns"), str(error)) from error
    if not rows or len(rows) > MOST_ROWS:
        raise SheetRefused(refusal("sheet_too_long" if rows else "sheet_empty"))
    return rows


def _rows(text: str) -> list[SheetRow]:
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=_delimiter(text))
    names = [name.strip().lower() for name in reader.fieldnames or []]
    if not set(REQUIRED) <= set(names) or set(names) - set(COLUMNS):
        raise SheetRefused(refusal("sheet_columns"), f"columns are {', '.join(COLUMNS)}")
    reader.fieldnames = names
    return [_row(line, values) for line, values in enumerate(reader, start=2) if any(values.values())]


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _row(line: int, values: dict[str, str | None]) -> SheetRow:
    told = {name: (values.get(name) or "").strip() for name in COLUMNS}
    problems: list[str] = [f"{name}_missing" for name in REQUIRED if not told[name]]
    days = {name: _day(told[name], name, problems) for name in ("joined_on", "left_on", "paid_on")}
    currency = told["currency"].upper() or "EUR"
    year = _year(told["year"], problems)
    if len(currency) != len("EUR"):
        problems.append("due_no_amount")
    due = _due(told["due"], currency, problems)
    if year is None and (told["due"] or told["paid_on"]):
        problems.append("year_missing")
    if days["joined_on"] and days["left_on"] and days["left_on"] < days["joined_on"]:
        problems.append("left_before_joined")
    return SheetRow(
        line=line,
        city=told["city"][:120],
        country=told["country"].upper(),
        joined_on=days["joined_on"],
        left_on=days["left_on"],
        paid_on=days["paid_on"],
        year=year,
        due_minor=due,
        currency=currency,
        problems=tuple(problems),
    )


def _day(text: str, name: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(f"{name}_no_day")
        return None


def _year(text: str, problems: list[str]) -> int | None:
    if not text:
        return None
    if len(text) != len("2023") or not text.isdecimal() or not 1900 <= int(text) <= 2200:
        problems.append("year_no_year")
        return None
    return int(text)


def _due(text: str, currency: str, problems: list[str]) -> int | None:
    if not text:
        return None
    try:
        minor = minor_from_text(text, currency)
    except ValueError:
        problems.append("due_no_amount")
        return None
    if minor < 0:
        problems.append("due_no_amount")
    return minor
