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


NOT_A_PERSON = frozenset({MailClass.AUTOMATIC, MailClass.BOUNCE})
