"""States of what waits for another person."""

from enum import StrEnum


class ProposalState(StrEnum):
    """Where a proposed change of the account stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
