"""What matching is told of entries and bills, and the shapes of its answer."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chancery.domain.billing.states import EntryStatus, WorkState

CERTAIN = 100  # the score of an exact match, which no sum of other evidence reaches


class Evidence(StrEnum):
    """What speaks for a match."""

    REFERENCE_STRUCTURED = "reference.structured"
    REFERENCE_IN_TEXT = "reference.in-text"
    REFERENCE_NEAR = "reference.near"
    REFERENCE_BODY = "reference.body"
    NUMBER_FULL = "number.full"
    NUMBER_SHORT = "number.short"
    ACCOUNT_SEEN = "account.seen"
    ACCOUNT_SHARED = "account.shared"
    PAYER_NAME = "payer.name"
    PAYER_NAME_PART = "payer.name-part"
    CITY_NAMED = "city.named"
    PERSON_NAMED = "person.named"
    AMOUNT_EQUAL = "amount.equal"
    AMOUNT_SUM = "amount.sum"
    AMOUNT_LESS_CHARGES = "amount.less-charges"
    AMOUNT_SHORT = "amount.short"
    AMOUNT_PART = "amount.part"
    AMOUNT_OVER = "amount.over"
    ONLY_OPEN = "bill.only-open"
    DAY_NEAR = "day.near"
    DAY_IN_TIME = "day.in-time"
    CURRENCY_EQUAL = "currency.equal"


class Doubt(StrEnum):
    """What stands against booking without a person."""

    NOT_BOOKED = "not_booked"
    CONTESTED = "contested"
    NO_MONEY = "no_money"
    OUTGOING = "outgoing"
    BANK_FEE = "bank_fee"
    REVERSAL = "reversal"
    REFUND_NAMED = "refund_named"
    BILL_NAMED = "bill_named"
    COUNTRY_HELD = "country_held"
    IDENTITY_UNCERTAIN = "identity_uncertain"
    BATCH_UNEXPLAINED = "batch_unexplained"
    NO_REFERENCE = "no_reference"
    CHECK_DIGITS_WRONG = "check_digits_wrong"
    REFERENCE_UNKNOWN = "reference_unknown"
    SEVERAL_REFERENCES = "several_references"
    CURRENCY_DIFFERS = "currency_differs"
    AMOUNT_DIFFERS = "amount_differs"
    BILL_PAID = "bill_paid"
    BILL_CREDITED = "bill_credited"
    PLACE_ENDED = "place_ended"
    SEVERAL_SUMS = "several_sums"


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What matching needs to know of an entry, read from a file or from its stored row."""

    amount_cents: int
    currency: str
    status: EntryStatus = EntryStatus.BOOKED
    reversal: bool = False
    creditor_references: tuple[str, ...] = ()
    remittance: str = ""
    certain: bool = True  # its identity tells it from every other entry
    doubtful: bool = False  # the bank's own figures do not add up
    payer_name: str = ""
    payer_account: str = ""
    charges_cents: int = 0
    value_date: date | None = None
    end_to_end_id: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill that money may be for. ``key`` is whatever the caller knows it by.

    ``ended``: nobody holds its place any more, or it is billed anew. ``whose``: the keys by which a payer's account is
    remembered. ``book_from``: the score from which the edition lets the machine book. ``held``: a country of payer or
    authority asks for a person first.
    """

    key: int
    reference: str
    open_cents: int
    currency: str
    number: str = ""
    received_cents: int = 0
    credited: bool = False
    ended: bool = False
    issued_on: date | None = None
    due_on: date | None = None
    payer: str = ""
    names: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    tolerance_cents: int = 0
    book_from: int = CERTAIN
    held: bool = False

    @property
    def takes_money(self) -> bool:
        """Whether money can still be booked to it without bringing somebody back who has left."""
        return self.open_cents > 0 and not self.ended


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence: what it is, what it is about in the bank's words, and a sum where it has one."""

    code: Evidence | Doubt
    told: str = ""
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """How much of the entry would go to a bill."""

    bill: Bill
    cents: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bill, or several bills of one payer, that the money may be for; the score runs from 0 to 100."""

    parts: tuple[Part, ...]
    score: int
    signs: tuple[Sign, ...]

    @property
    def codes(self) -> frozenset[Evidence | Doubt]:
        """What kinds of evidence it carries."""
        return frozenset(sign.code for sign in self.signs)


@dataclass(frozen=True, slots=True)
class Match:
    """What to do with an entry, and why. ``invoice`` is the bill that is named, also where a person must decide."""

    state: WorkState
    invoice: Bill | None = None
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[Doubt, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_booked(self) -> bool:
        """Whether the money is the invoice's without a person."""
        return self.state is WorkState.BOOKED


def after_booking(bill: Bill, cents: int) -> Bill:
    """Return a bill as it stands once money was booked to it (or taken back, with a negative sum)."""
    return replace(bill, open_cents=bill.open_cents - cents, received_cents=bill.received_cents + cents)


def not_booked(match: Match) -> Match:
    """Return the match for a person instead of the machine."""
    return replace(match, state=WorkState.SUSPENSE) if match.is_booked else match


def pack(reference: str) -> str:
    """Return a reference without blanks, in capitals, as bills are keyed."""
    return "".join(reference.split()).upper()
