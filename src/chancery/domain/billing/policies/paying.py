"""Whether a refund may be paid: what its approval, a file for the bank and an instruction for it each ask (0102)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chancery.foundation.characters import without_controls
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

LONGEST_NAME = 70
# What somebody has to look at before a refund is paid, or money leaves that is not there.
LOOKED_AT_FIRST: Final = ("return_waits", "may_have_come_back", "more_than_received", "may_have_left")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingFacts:
    """What stands for and against paying a refund.

    ``is_approved``: as it stands now; ``may_have_left``: with a debit of which nobody said what it is;
    ``is_taken_back``: such a debit may have taken its money back, or the bank corrected that;
    ``may_have_come_back``: its money may be refunds of ours that the bank sent back, and nobody said that it is not;
    ``exceeds_received``: with the other refunds of its line it is more than the bank says came.
    """

    is_approved: bool
    has_account: bool
    is_by_hand: bool
    is_name_writable: bool
    currency: str
    is_held: bool
    is_taken_back: bool
    may_have_come_back: bool
    exceeds_received: bool
    may_have_left: bool


def may_be_approved(facts: PayingFacts) -> Ruling:
    """Answer whether a second person may approve a refund; what holds only its payment is looked at then."""
    return _ruling({"account_missing": not facts.has_account, **_money_gone(facts)})


def may_be_in_a_file(facts: PayingFacts) -> Ruling:
    """Answer whether a file for the bank may hold a refund: euros, to a name that the scheme can write."""
    unreachable = {
        "paid_by_hand": facts.is_by_hand,
        "not_sepa": facts.currency != "EUR",
        "name_not_writable": not facts.is_name_writable,
    }
    gone = {"country_held": facts.is_held, **_money_gone(facts), "may_have_left": facts.may_have_left}
    return _ruling({"not_approved": not facts.is_approved, **unreachable, **gone})


def may_be_ordered_by_hand(facts: PayingFacts) -> Ruling:
    """Answer whether an instruction for a refund that no file reaches may be printed and signed."""
    gone = {"country_held": facts.is_held, **_money_gone(facts), "may_be_this_refund": facts.may_have_left}
    return _ruling({"no_instruction": not (facts.is_by_hand and facts.is_approved), **gone})


def why_nothing_is_paid(rulings: Iterable[Ruling]) -> Ruling:
    """Return the no of a file that would be empty: what holds the approved refunds, or that none waits for a file."""
    codes = dict.fromkeys(code for ruling in rulings for code in ruling.reasons)
    return refusal(*([code for code in codes if code in LOOKED_AT_FIRST] or ["nothing_to_pay"]))


def written_name(name: str) -> str:
    """Return a name as a file for the bank writes it, in Latin letters; blank where nothing of it is left."""
    from text_unidecode import unidecode  # late: its tables take long to load

    return " ".join(unidecode(without_controls(name)).split())[:LONGEST_NAME]


def _money_gone(facts: PayingFacts) -> dict[str, bool]:
    is_unsaid = facts.exceeds_received and not facts.is_taken_back
    return {
        "return_waits": facts.is_taken_back,
        "may_have_come_back": facts.may_have_come_back,
        "more_than_received": is_unsaid,
    }


def _ruling(against: dict[str, bool]) -> Ruling:
    reasons = [code for code, stands in against.items() if stands]
    return refusal(*reasons) if reasons else ALLOWED
