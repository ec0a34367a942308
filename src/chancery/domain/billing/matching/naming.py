"""How a line names bills: by reference, with a slip in it, by number, with or without its zeros."""

import re
from collections.abc import Iterator

from chancery.domain.billing.matching.book import Book
from chancery.domain.billing.matching.exact import SPACED_BEGINNING, SPOKEN, open_references_in
from chancery.domain.billing.matching.facts import Bill, EntryFacts, Evidence, Sign, pack
from chancery.domain.billing.references import is_creditor_reference

DIGITS = re.compile(r"\d")
# "invoice 4", "factura nº 4", "fra. 0004": a word for a bill in the languages of the office, then its number.
SPOKEN_NUMBER = re.compile(
    r"(?:INVOICE|INV|BILL|FACTURA|FACTURE|FATTURA|FRA|FACT|RECHNUNG|RG|FATURA|REQUEST|DEMANDE|N[Oº°])"
    r"(?:[\s.:#-]|N[Oº°]|NUM(?:ERO)?)*0*(\d{1,6})(?![\d/-])"
)
PADDED = re.compile(r"(?<![\dA-Za-z-])0\d{3,5}(?![\d-])")
FULL_NUMBER = re.compile(r"(?<![A-Z0-9])([A-Z][A-Z0-9]{0,5})[\s./_-]*((?:19|20)\d\d)[\s./_-]*(\d{1,6})(?!\d)")
RF_HEAD = 4  # RF and two check digits


def bills_named(entry: EntryFacts, book: Book) -> dict[int, Sign]:
    """Return how the line names each bill that it names; the surest way where it names one in several."""
    found: dict[int, Sign] = {}
    for bill, sign in _ways(entry, book):
        found.setdefault(bill.key, sign)
    return found


def _ways(entry: EntryFacts, book: Book) -> Iterator[tuple[Bill, Sign]]:
    structured = [pack(reference) for reference in entry.creditor_references]
    for reference in structured:
        if bill := book.by_reference(reference):
            yield bill, Sign(Evidence.REFERENCE_STRUCTURED, bill.reference)
    for reference in open_references_in(entry.remittance, book.open_by_reference):
        yield book.open_by_reference[reference], Sign(Evidence.REFERENCE_IN_TEXT, reference)

    upper = entry.remittance.upper()
    spoken = SPOKEN.finditer(upper) if SPACED_BEGINNING.search(upper) else ()
    for told in dict.fromkeys([*structured, *(pack(found[0]) for found in spoken)]):
        if told.startswith("RF"):
            yield from _near(told, book)
    yield from _numbers(entry.remittance, upper, book)


def _near(told: str, book: Book) -> Iterator[tuple[Bill, Sign]]:
    """Yield bills whose reference is one digit away from what was told, or the same but for zeros or check digits."""
    if bill := book.by_reference(told):
        yield bill, Sign(Evidence.REFERENCE_IN_TEXT, told)
    if is_creditor_reference(told):
        return  # a right reference of somebody else is no slip of ours
    for word in _beginnings(told):
        for reference in book.references_near(word):
            if DIGITS.sub("", reference) == DIGITS.sub("", word) and (bill := book.by_reference(reference)):
                yield bill, Sign(Evidence.REFERENCE_NEAR, word)
    for found in FULL_NUMBER.finditer(told[RF_HEAD:]):
        for bill in book.by_number(_without_zeros(found)):
            yield bill, Sign(Evidence.REFERENCE_BODY, _beginnings(told)[-1])


def _beginnings(told: str) -> list[str]:
    """Return what was told, and without a last word that ran into it: ``RF73M220240012DIPL``."""
    cut = re.match(r"(RF\d\d[A-Z0-9]*\d)[A-Z]+$", told)
    return [told, cut[1]] if cut else [told]


def _numbers(text: str, upper: str, book: Book) -> Iterator[tuple[Bill, Sign]]:
    if not DIGITS.search(upper):
        return
    as_told = text if len(text) == len(upper) else upper  # capitals of some letters are two
    for found in FULL_NUMBER.finditer(upper):
        for bill in book.by_number(_without_zeros(found)):
            yield bill, Sign(Evidence.NUMBER_FULL, as_told[slice(*found.span())].strip())
    for found in (*SPOKEN_NUMBER.finditer(upper), *PADDED.finditer(upper)):
        for bill in book.by_sequence(int(found[found.lastindex or 0])):
            yield bill, Sign(Evidence.NUMBER_SHORT, as_told[slice(*found.span())].strip())


def _without_zeros(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}{int(found[3])}"
