"""The electronic invoice: the semantic model of EN 16931 as far as our bills use it, and what it may not lack.

The same facts become UN/CEFACT CII (in the PDF: Factur-X) and OASIS UBL (Peppol BIS Billing 3.0). Numbers such as BT-1
are the terms of the standard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from chancery.foundation.characters import not_in_xml
from chancery.foundation.money import exponent

INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
STANDARD, EXEMPT, OUTSIDE, REVERSE = "S", "E", "O", "AE"
CATEGORIES: Final = (STANDARD, EXEMPT, OUTSIDE, REVERSE)
MOST_DIGITS: Final = 2  # after the point (BR-DEC): dinars of three cannot be told
# Reasons that say themselves where the issuer gives no code of its own (BT-121).
REASONS: Final = {OUTSIDE: "VATEX-EU-O", REVERSE: "VATEX-EU-AE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller or buyer; ``country`` is the two-letter code, ``electronic_address`` an e-mail address."""

    name: str
    address: tuple[str, ...]
    town: str
    postcode: str
    country: str
    vat_id: str
    electronic_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; amounts in minor units, the rate in percent."""

    position: int
    text: str
    category: str
    rate: Decimal
    exemption_code: str
    net_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTotal:
    """The sums of one category and rate (BG-23)."""

    category: str
    rate: Decimal
    exemption_code: str
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectronicInvoice:
    """A bill as another accounting system reads it; amounts in minor units of ``currency``.

    ``corrects`` names the invoice that a credit note corrects, with its day.
    """

    number: str
    kind: str
    issued_on: date
    due_on: date | None
    delivered_on: date
    currency: str
    seller: Party
    buyer: Party
    buyer_reference: str
    purchase_order: str
    terms: str
    payment_reference: str
    iban: str
    bic: str
    beneficiary: str
    lines: tuple[Line, ...]
    vat: tuple[VatTotal, ...]
    paid_minor: int = 0
    corrects: tuple[str, date] | None = None

    @property
    def net_minor(self) -> int:
        """Sum of the lines."""
        return sum(line.net_minor for line in self.lines)

    @property
    def vat_minor(self) -> int:
        """Sum of the tax."""
        return sum(total.vat_minor for total in self.vat)

    @property
    def total_minor(self) -> int:
        """What the bill comes to."""
        return self.net_minor + self.vat_minor


def problems(bill: ElectronicInvoice) -> tuple[str, ...]:
    """Return the field of each thing that a receiving system would refuse, in the words of the edition and the payer.

    The rules are those of EN 16931-1 and its schematron (BR-*).
    """
    found = {
        "issuer.legal_name": not bill.seller.name.strip(),
        "issuer.country": len(bill.seller.country) != 2,
        "issuer.vat_category": any(line.category not in CATEGORIES for line in bill.lines),
        "issuer.vat_rate": any(_has_wrong_rate(line) for line in bill.lines),
        "issuer.exemption_code": any(_lacks_reason(line) for line in bill.lines),
        "issuer.tax_id": _lacks_tax_id(bill.seller, bill.lines),
        "payment.iban": not bill.iban,
        "tariff.currency": exponent(bill.currency) > MOST_DIGITS,
        "party.legal_name": not bill.buyer.name.strip(),
        "party.country": len(bill.buyer.country) != 2,
        "party.tax_id": _lacks_buyer_tax_id(bill),
        "unprintable": bool(not_in_xml("".join(_words_in(bill)))),
    }
    return tuple(field for field, is_so in found.items() if is_so)


def vat_totals(lines: Iterable[tuple[Line, int]]) -> tuple[VatTotal, ...]:
    """Return the sums by category and rate of lines with their tax, in the order met."""
    sums: dict[tuple[str, Decimal, str], tuple[int, int]] = {}
    for line, vat_minor in lines:
        key = (line.category, line.rate, line.exemption_code)
        net, vat = sums.get(key, (0, 0))
        sums[key] = (net + line.net_minor, vat + vat_minor)
    return tuple(
        VatTotal(category=category, rate=rate, exemption_code=code, net_minor=net, vat_minor=vat)
        for (category, rate, code), (net, vat) in sums.items()
    )


def reason_of(category: str, exemption_code: str) -> str:
    """Return the code that says why no tax is charged; blank where tax is charged."""
    return exemption_code or REASONS.get(category, "") if category != STANDARD else ""


def _words_in(bill: ElectronicInvoice) -> Iterator[str]:
    """Yield what people wrote."""
    for party in (bill.seller, bill.buyer):
        yield from (party.name, *party.address, party.town, party.postcode, party.vat_id, party.electronic_address)
    yield from (bill.buyer_reference, bill.purchase_order, bill.beneficiary, *(line.text for line in bill.lines))


def _has_wrong_rate(line: Line) -> bool:
    return (line.rate > 0) is not (line.category == STANDARD)


def _lacks_reason(line: Line) -> bool:
    return line.category != STANDARD and not reason_of(line.category, line.exemption_code)


def _lacks_tax_id(seller: Party, lines: Iterable[Line]) -> bool:
    """Outside the scope of tax any identifier will do (BR-CO-26); else it begins with the country (BR-CO-09)."""
    if all(line.category == OUTSIDE for line in lines):
        return not seller.vat_id.strip()
    return not seller.vat_id[:2].isalpha() or not seller.vat_id[2:].strip()


def _lacks_buyer_tax_id(bill: ElectronicInvoice) -> bool:
    return any(line.category == REVERSE for line in bill.lines) and not bill.buyer.vat_id.strip()
