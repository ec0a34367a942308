"""A first guess how a CSV is written, from its head: an officer corrects it before it counts."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

ENCODINGS = ("utf-8", "cp1252")
DELIMITERS = ";,\t|"
# Words of headers by what the column says; English, Spanish, French, Catalan, German. The first that fits wins.
WORDS: dict[str, tuple[str, ...]] = {
    "value_date": ("value date", "fecha valor", "f. valor", "date de valeur", "date valeur", "data valor", "valuta"),
    "booking_date": (
        *(
            "booking date",
            "booking",
            "date",
            "fecha",
            "f. operacion",
            "data",
            "buchungstag",
            "buchung",
            "transaction date",
        ),
    ),
    "credit": ("credit", "abono", "haber", "credits", "haben", "money in", "abonament"),
    "debit": ("debit", "cargo", "debe", "debits", "soll", "money out", "carrec"),
    "amount": ("amount", "importe", "montant", "import", "betrag", "umsatz"),
    "balance": ("balance", "saldo", "solde", "kontostand"),
    "payer_iban": ("iban", "counterparty account", "cuenta", "compte", "kontonummer"),
    "payer_name": ("name", "payer", "ordenante", "nombre", "nom", "auftraggeber", "beguenstigter", "counterparty"),
    "bank_reference": ("bank reference", "transaction id", "movimiento", "reference de la banque", "num. mov"),
    "end_to_end_id": ("end to end", "end-to-end"),
    "remittance": (
        "description",
        "concepto",
        "libelle",
        "concepte",
        "verwendungszweck",
        "details",
        "reference",
        "text",
    ),
}
DAYS = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "%Y-%m-%d"),
    (re.compile(r"\d{2}/\d{2}/\d{4}"), "%d/%m/%Y"),
    (re.compile(r"\d{2}\.\d{2}\.\d{4}"), "%d.%m.%Y"),
    (re.compile(r"\d{2}-\d{2}-\d{4}"), "%d-%m-%Y"),
    (re.compile(r"\d{2}/\d{2}/\d{2}"), "%d/%m/%y"),
    (re.compile(r"\d{2}\.\d{2}\.\d{2}"), "%d.%m.%y"),
)
COMMA_AMOUNT = re.compile(r"-?[\d.\s]*\d,\d{2}")


def guess_mapping(head: bytes) -> dict[str, Any]:
    """Return the values of a mapping as far as the head of a file tells them; account and currency are not in it."""
    encoding, text = _decoded(head)
    delimiter = max(DELIMITERS, key=text.count)
    rows = list(csv.reader(text.splitlines()[:40], delimiter=delimiter))
    at = next((number for number, row in enumerate(rows) if _is_header(row)), 0)
    header, body = (rows[at], rows[at + 1 : -1] or rows[at + 1 :]) if rows else ([], [])
    found = _columns(header)
    days = _column(body, header, found.get("booking_date", ""))
    sums = _column(body, header, found.get("amount") or found.get("credit", ""))
    comma = any(COMMA_AMOUNT.fullmatch(value.strip()) for value in sums)
    return {
        **{key: value for key, value in found.items() if key != "remittance"},
        "remittance": [found["remittance"]] if "remittance" in found else [],
        "encoding": encoding,
        "delimiter": delimiter,
        "rows_before": at,
        "date_format": _date_format(days),
        "decimal_mark": "," if comma else ".",
        "thousands_mark": "." if comma else ",",
    }


def head_rows(head: bytes, guess: dict[str, Any], most: int = 10) -> list[list[str]]:
    """Return the first rows of a file as a table, for a person to look at."""
    text = head.decode(str(guess["encoding"]), errors="replace").removeprefix("\ufeff")
    return list(csv.reader(text.splitlines()[:most], delimiter=str(guess["delimiter"])))


def _decoded(head: bytes) -> tuple[str, str]:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", head[: len(head) // 2 * 2].decode("utf-16", errors="ignore")
    for encoding in ENCODINGS:
        try:
            return encoding, head.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            if error.end >= len(head) - 3 and encoding == "utf-8":  # only the cut at the end of the head
                return encoding, head[: error.start].decode(encoding).removeprefix("\ufeff")
    return "latin-1", head.decode("latin-1")


def _is_header(row: Sequence[str]) -> bool:
    found = _columns(row)
    return "booking_date" in found and bool({"amount", "credit"} & set(found))


def _columns(header: Iterable[str]) -> dict[str, str]:
    left, found = [name.strip() for name in header if name.strip()], {}
    for key, words in WORDS.items():
        name = next((name for word in words for name in left if _plain(name).startswith(word)), None)
        name = name or next((name for word in words for name in left if word in _plain(name)), None)
        if name is not None:
            found[key] = name
            left.remove(name)
    if "amount" in found and not {"credit", "debit"} <= set(found):
        found.pop("credit", None)
        found.pop("debit", None)
    return found


def _column(rows: Iterable[Sequence[str]], header: Sequence[str], name: str) -> list[str]:
    names = [each.strip() for each in header]
    at = names.index(name) if name in names else -1
    return [row[at] for row in rows if 0 <= at < len(row)]


def _date_format(days: Iterable[str]) -> str:
    for day in days:
        for pattern, written in DAYS:
            if pattern.fullmatch(day.strip()):
                return written
    return "%d/%m/%Y"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in letters if not unicodedata.combining(sign)).strip()
