"""Kinds and states of bills, statements, bank entries and refund-like moves."""

from enum import StrEnum


class InvoiceKind(StrEnum):
    """``request`` is a payment request where the issuer's own system makes the invoice (regime external)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit note"
    PRO_FORMA = "pro-forma"
    REQUEST = "payment request"


class InvoiceState(StrEnum):
    """Derived from the balance, never stored."""

    OPEN = "open"
    PART_PAID = "part paid"
    PAID = "paid"
    CREDITED = "credited"


class FileState(StrEnum):
    """A statement file is all in or all out: entries count only when it is accepted."""

    READING = "reading"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class EntryStatus(StrEnum):
    """As the bank says it; only booked is money.

    ``contested`` is booked by the bank, but may be on file already: it counts once a person said so.
    """

    BOOKED = "booked"
    PENDING = "pending"
    INFO = "info"
    CONTESTED = "contested"


class Contest(StrEnum):
    """Why a line may be one that is on file already."""

    OTHER_SUM = "other sum"
    ALIKE = "alike"
    SAME_REFERENCE = "same reference"
    DAY_DIFFERS = "day differs"


class WorkState(StrEnum):
    """What is left to do with an entry."""

    BOOKED = "booked"
    SUGGESTED = "suggested"
    SUSPENSE = "suspense"
    OUTGOING = "outgoing"
    GIVE_BACK = "give back"
    IGNORED = "ignored"
    CONFLICT = "conflict"


class ExceptionState(StrEnum):
    """A fee exception is proposed by one person and approved or rejected by another."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class RefundState(StrEnum):
    """Money on its way back: two people, a file, and the line of the statement with which it left.

    Of one that is withdrawn nothing is promised: what it rested on was taken back.
    """

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPORTED = "exported"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


UNDER_WAY = frozenset({RefundState.PROPOSED, RefundState.APPROVED, RefundState.EXPORTED})


class Noted(StrEnum):
    """Why money was moved where no person said it: a row keeps this, and a page says it in the reader's words.

    So are ``CreditReason``, and in front of what it is about ``KEPT_OF``, ``MOVED_FROM``, ``SCORE`` and ``SIGNS``.
    """

    EXACT = "exact reference, amount and currency"
    RETURNED = "taken back by the bank: exact reference, amount and currency"
    KEPT_BY_THE_BANK = "kept by the bank from a refund that it sent back"
    CAME_BACK_AFTER_ALL = "a refund that had left twice and came back"
    AFTER_RELEASE = "came after its place was released unpaid"


KEPT_OF, MOVED_FROM, SCORE, SIGNS = "kept of ", "moved from ", "score ", "signs: "


class CreditReason(StrEnum):
    """Why a bill is corrected."""

    PLACE_CANCELLED = "place cancelled"
    ORGANISER_CANCELLED = "organiser cancelled"
    PLACE_RELEASED = "place released"
    PAYER_CHANGED = "payer changed"
    ISSUED_WRONGLY = "issued wrongly"
    GROUP_CHANGED = "group changed"
    FEE_SHARED = "fee shared"
    FEE_JOINED = "fee joined"
