"""Whether a credit is several refunds of ours that the bank sent back as one sum: for a person to say."""

from collections.abc import Iterable
from dataclasses import dataclass

from chancery.domain.billing.matching.leavings import MOST_CHARGES
from chancery.domain.billing.matching.returns import Paid, ReturnSign, ToldLine, is_told_return
from chancery.domain.billing.references import refund_references_in


@dataclass(frozen=True, slots=True)
class WentTogether:
    """Refunds that left with one debit or in one file, and the identifications of the messages that held them."""

    refunds: tuple[Paid, ...]
    message_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class CameTogether:
    """Refunds of which some may have come back with a credit, and what speaks for it.

    ``is_named``: the bank names their file, or one of them; ``is_whole``: the credit can be all of them, but for
    charges where it names them.
    """

    refunds: tuple[int, ...]
    signs: tuple[ReturnSign, ...]
    is_named: bool
    is_whole: bool


def weigh_together(credit: ToldLine, groups: Iterable[WentTogether]) -> tuple[CameTogether, ...]:
    """Return the groups of which a credit may be two refunds or more, the likeliest first, then the newest.

    It is their sum or less, and more than one of them alone. Nothing may speak for it: a bank that sends some back as
    one sum may name none of them.
    """
    found = [each for group in groups if (each := _weighed(credit, group))]
    return tuple(sorted(found, key=_order))


def _order(each: CameTogether) -> tuple[bool, bool, bool, int]:
    return not each.is_named, not each.is_whole, not each.signs, -max(each.refunds)


def _weighed(credit: ToldLine, group: WentTogether) -> CameTogether | None:
    amounts = [refund.amount_cents for refund in group.refunds]
    kept, currencies = sum(amounts) - credit.amount_cents, {refund.currency for refund in group.refunds}
    if currencies != {credit.currency} or kept < 0 or credit.amount_cents <= min(amounts):
        return None
    references = set(refund_references_in(credit.end_to_end_id, credit.remittance))
    said = f"{credit.end_to_end_id} {credit.remittance} {credit.raw}".upper()
    stands = {
        ReturnSign.FILE: any(each.upper() in said for each in group.message_ids),
        ReturnSign.REFERENCE: any(refund.reference in references for refund in group.refunds),
        ReturnSign.TOGETHER: not kept,
        ReturnSign.TOLD: is_told_return(credit),
    }
    signs = tuple(sign for sign, is_so in stands.items() if is_so)
    is_named = stands[ReturnSign.FILE] or stands[ReturnSign.REFERENCE]
    charges = min(MOST_CHARGES, min(amounts) - 1) if is_named else 0
    return CameTogether(tuple(refund.key for refund in group.refunds), signs, is_named, kept <= charges)
