"""What must be settled before anything about a person may be erased."""

from collections.abc import Iterable
from dataclasses import dataclass

from chancery.foundation.ruling import ALLOWED, Ruling, refusal

UNDER_WAY = "application_under_way"
PLACE_LIVE = "place_live"
BILL_OPEN = "bill_open"
REFUND_RUNS = "refund_runs"
NOTICE_WAITS = "notice_waits"
PROMISE_OPEN = "promise_open"
HOLDS_A_ROLE = "holds_a_role"


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What is still open about an application, its place and its money; all false where it is settled."""

    under_way: bool = False
    place_live: bool = False
    bill_open: bool = False
    refund_runs: bool = False
    notice_waits: bool = False
    promise_open: bool = False


def may_erase(files: Iterable[Unsettled], *, holds_a_role: bool = False) -> Ruling:
    """Tell whether what is kept may be erased: nothing that it is needed for may still be open.

    An application under way is taken back first, a place left first, a role of the office taken first.
    """
    facts = list(files)
    held = {
        UNDER_WAY: any(each.under_way for each in facts),
        PLACE_LIVE: any(each.place_live for each in facts),
        REFUND_RUNS: any(each.refund_runs for each in facts),
        BILL_OPEN: any(each.bill_open for each in facts),
        NOTICE_WAITS: any(each.notice_waits for each in facts),
        PROMISE_OPEN: any(each.promise_open for each in facts),
        HOLDS_A_ROLE: holds_a_role,
    }
    reasons = tuple(reason for reason, holds in held.items() if holds)
    return refusal(*reasons) if reasons else ALLOWED
