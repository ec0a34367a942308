"""States of a mail on its way, and what a mail that came in can be."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """A withheld mail waits for a person: after too many failures, or in quarantine."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


class MailClass(StrEnum):
    """What an incoming mail is; only a reply speaks for a person."""

    REPLY = "reply"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OTHER = "other"


class Verdict(StrEnum):
    """One result of our receiving server about a sender; unknown is what it did not say."""

    PASS = "pass"  # noqa: S105 (a result, no password)
    FAIL = "fail"
    NONE = "none"
    UNKNOWN = "unknown"


class SenderStanding(StrEnum):
    """Whether our server confirmed that a mail comes from the domain that stands in it."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not confirmed"
    NOT_SAID = "not said"


NOT_A_PERSON = frozenset({MailClass.AUTOMATIC, MailClass.BOUNCE})
