"""The promises with a clock that exist."""

from enum import StrEnum


class ObligationKind(StrEnum):
    """What is owed."""

    FIRST_ANSWER = "first answer"
    ANSWER = "answer"
    CALL = "call"
    FEE_DECISION = "fee decision"
    INVOICE = "invoice"
    PAYMENT_LOST = "payment lost"
    REFUND = "refund"
    CANCELLATION = "cancellation"
    OFFER = "offer"
    DATA_REQUEST = "data request"


# What an applicant waits for from us, in the order in which it comes.
OWED_TO_APPLICANTS = (ObligationKind.FIRST_ANSWER, ObligationKind.ANSWER, ObligationKind.CALL)
