"""Read which refunds may be paid, and what stands in the way of the others: the one answer for all who pay or show."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Sum

from chancery.domain.billing.models import BankEntry, Refund
from chancery.domain.billing.policies.paying import (
    PayingFacts,
    may_be_approved,
    may_be_in_a_file,
    may_be_ordered_by_hand,
    written_name,
)
from chancery.domain.billing.queries.coming_back import list_that_may_have_come_back
from chancery.domain.billing.queries.corrections import SUM_TOLD
from chancery.domain.billing.queries.holds import HeldRefund, held_refunds
from chancery.domain.billing.queries.leavings import list_holding
from chancery.domain.billing.queries.returned_lines import list_taking_back
from chancery.domain.billing.states import RefundState
from chancery.foundation.ruling import Ruling

LEAVES_OR_LEFT = (RefundState.APPROVED, RefundState.EXPORTED, RefundState.SENT)


@dataclass(frozen=True)
class Payable:
    """A refund with what holds it; ``beside`` are the debits of which somebody has to say what they are."""

    refund: Refund
    facts: PayingFacts
    hold: HeldRefund | None
    beside: tuple[BankEntry, ...]

    @cached_property
    def approval(self) -> Ruling:
        """Whether a second person may approve it."""
        return may_be_approved(self.facts)

    @cached_property
    def file(self) -> Ruling:
        """Whether a file for the bank may hold it."""
        return may_be_in_a_file(self.facts)

    @cached_property
    def may_be_ticked(self) -> bool:
        """Whether a file may hold it once somebody says that the debits beside it are other payments."""
        held_alone = set(self.file.reasons) <= {"may_have_left", "return_waits"}
        return not self.file and held_alone and not any(debit.stops_refunds for debit in self.beside)

    @cached_property
    def instruction(self) -> Ruling:
        """Whether an instruction for it may be printed."""
        return may_be_ordered_by_hand(self.facts)


def list_payable(refunds: Sequence[Refund], *, others: Collection[int] = ()) -> list[Payable]:
    """Return refunds with what holds each, in their order.

    ``others``: debits of which somebody says that they are other payments. What stops refunds is none.
    """
    taking = {refund.pk: list_taking_back(refund) for refund in refunds}
    leaving, held, above = list_holding(refunds), held_refunds(refunds), _above_received(refunds)
    came_back = list_that_may_have_come_back({refund.entry_id for refund in refunds if not refund.credit_note_id})

    def holding(debits: Iterable[BankEntry]) -> bool:
        return any(debit.stops_refunds or debit.pk not in others for debit in debits)

    found = []
    for refund in refunds:
        left = [debit for debit in leaving[refund.pk] if debit not in taking[refund.pk]]
        hold = held.get(refund.pk)
        facts = PayingFacts(
            is_approved=refund.state == RefundState.APPROVED and refund.approved_for == refund.fingerprint,
            has_account=refund.has_account,
            is_by_hand=bool(refund.by_hand),
            is_name_writable=bool(written_name(refund.name)),
            currency=refund.currency,
            is_held=hold is not None and hold.waits,
            is_taken_back=holding(taking[refund.pk]),
            may_have_come_back=refund.entry_id in came_back,
            exceeds_received=refund.pk in above,
            may_have_left=holding(left),
        )
        found.append(Payable(refund, facts, hold, (*left, *taking[refund.pk])))
    return found


def pick_for_file(weighed: Iterable[Payable], numbers: Sequence[str] = ()) -> list[Refund]:
    """Return the refunds of the next file: all that may be paid from one account of ours.

    It is the first of ``numbers`` with any, or else the account of the oldest of them.
    """
    by_account: dict[str, list[Refund]] = defaultdict(list)
    for each in sorted(weighed, key=lambda each: each.refund.pk):
        if each.file:
            by_account[each.refund.paying_account.number].append(each.refund)
    return next((by_account[number] for number in numbers or by_account if number in by_account), [])


def _above_received(refunds: Sequence[Refund]) -> set[int]:
    """Return the refunds that are more than their line has received, those beside it that leave or left included."""
    lines = {refund.entry_id for refund in refunds}
    rows = Refund.objects.filter(entry__in=lines, state__in=LEAVES_OR_LEFT).order_by()
    leaves = dict(rows.values_list("entry").annotate(sum=Sum("amount_minor")))
    received = dict(BankEntry.objects.filter(pk__in=lines).values_list("pk", SUM_TOLD))
    return {
        refund.pk for refund in refunds if leaves.get(refund.entry_id, 0) + _own(refund) > received[refund.entry_id]
    }


def _own(refund: Refund) -> int:
    return 0 if refund.state in LEAVES_OR_LEFT else refund.amount_minor
