"""The facts of an invoice, a credit note or a payment request as they are frozen when it is issued."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chancery.foundation.documents.fonts import uncovered


class PrintedKind(StrEnum):
    """What the paper is; a payment request is no invoice, and its correction no credit note.

    Those two come from the issuer's own system. A pro-forma asks for no payment. ``KEPT`` is an invoice over what is
    kept of a place that ended: it is paid already, by what had been paid for the place.
    """

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT_REQUEST = "payment_request"
    PRO_FORMA = "pro_forma"
    CORRECTION = "correction"
    KEPT = "kept"


CORRECTING = frozenset({PrintedKind.CREDIT_NOTE, PrintedKind.CORRECTION})
NAMES_ANOTHER = CORRECTING | {PrintedKind.KEPT}


@dataclass(frozen=True, slots=True)
class Seller:
    """Who issues the paper; ``contact`` is the address for questions."""

    legal_name: str
    tax_id: str
    address: tuple[str, ...]
    contact: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who pays, as the payer wrote it; blanks are left out on the paper."""

    legal_name: str
    address: tuple[str, ...]
    tax_id: str = ""
    buyer_reference: str = ""
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One reason of a fee with its amount, worded in the language of the paper."""

    label: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ParticipantFee:
    """The fee of one participant, before tax, as the lines that add up to it."""

    name: str
    latin_name: str
    lines: tuple[FeeLine, ...]

    @property
    def fee_minor(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class VatLine:
    """What one VAT profile of the issuer says; ``note`` may name the law of an exemption."""

    label: str
    net_minor: int
    vat_minor: int
    note: str = ""

    @property
    def gross_minor(self) -> int:
        """What is paid under this profile."""
        return self.net_minor + self.vat_minor


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The account that the transfer goes to."""

    name: str
    iban: str
    bic: str
    bank: str
    bank_address: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the second page promises: the frozen terms of the application (promises B2, C1 to C5).

    ``last_refundable_at`` carries the zone of the edition, and ``clock_place`` names it.
    ``withdrawal_days`` is set for a natural person who pays privately, else None. ``substitution_days_before`` is None
    where no colleague may come instead.
    """

    last_refundable_at: datetime
    clock_place: str
    refund_share: Decimal
    refund_within_days: int
    free_exit_days: int
    withdrawal_days: int | None = None
    substitution_days_before: int | None = 0


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """Everything that the paper says; amounts in minor units of ``currency``.

    A pro-forma has no number and no reference to pay by: it names its application, and until when it is valid.
    ``other_payer`` pays the rest of a fee that two payers share. ``paid_minor`` had been paid when it was issued, by
    money of the bill that it takes the place of; paid in full it has no due day.

    :raises ValueError: when the lines do not add up to the VAT table, or a credit note names no invoice.
    """

    kind: PrintedKind
    number: str
    course: str
    course_from: date
    course_until: date
    course_place: str
    dates_provisional: bool
    seller: Seller
    buyer: Buyer
    participants: tuple[ParticipantFee, ...]
    vat: tuple[VatLine, ...]
    currency: str
    issued_on: date
    due_on: date | None
    reference: str
    beneficiary: Beneficiary | None
    conditions: Conditions | None
    corrects: str = ""
    correction_reason: str = ""
    demo_amounts: bool = False
    application: str = ""
    valid_until: date | None = None
    other_payer: str = ""
    paid_minor: int = 0

    def __post_init__(self) -> None:
        """Refuse figures that contradict each other before anything is printed."""
        if sum(person.fee_minor for person in self.participants) != self.net_minor:
            raise ValueError(f"{self.number}: the fees do not add up to the net amount")
        if (self.kind in NAMES_ANOTHER) != bool(self.corrects):
            raise ValueError(f"{self.number}: a credit note names the invoice that it corrects, an invoice none")

    @property
    def net_minor(self) -> int:
        """The sum before tax."""
        return sum(line.net_minor for line in self.vat)

    @property
    def vat_minor(self) -> int:
        """The tax."""
        return sum(line.vat_minor for line in self.vat)

    @property
    def total_minor(self) -> int:
        """What is owed, or given back."""
        return self.net_minor + self.vat_minor

    @property
    def to_pay_minor(self) -> int:
        """What is left to be transferred."""
        return self.total_minor - self.paid_minor


def unprintable_in(document: InvoiceDocument) -> str:
    """Return the characters that the fonts lack; an invoice is refused for them before it takes a number.

    Names of participants do not count: they have a Latin form to fall back to.
    """
    buyer, seller = document.buyer, document.seller
    texts = (
        *(buyer.legal_name, *buyer.address, buyer.tax_id, buyer.buyer_reference, buyer.purchase_order),
        *(seller.legal_name, *seller.address, seller.tax_id, document.course, document.course_place),
        *(line.label for person in document.participants for line in person.lines),
    )
    return uncovered("".join(texts))
