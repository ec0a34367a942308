"""Read money on its way back."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet

from chancery.domain.billing.matching.returns import Paid, ToldLine
from chancery.domain.billing.models import BankEntry, EntryBalance, Invoice, Refund, RefundBatch, SetOff
from chancery.domain.billing.queries.corrections import sum_told
from chancery.domain.billing.queries.issuing import editions_of_refunds, four_eyes_of
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.programme.policies import Guarded, takes_two_people


def list_refunds() -> QuerySet[Refund]:
    """Return all refunds with the people concerned and what became of their promise, the earliest due day first."""
    beside = ("batch", "pay_from", "credit_note", "proposed_by", "decided_by", "debit", "came_back")
    set_offs = SetOff.objects.select_related("allocation__invoice").order_by("pk")
    rows = Refund.objects.select_related("entry__account", *beside).order_by("due_on", "pk")
    rows = rows.prefetch_related(Prefetch("set_offs", queryset=set_offs), "replaced_by")
    return rows.defer("entry__raw", "debit__raw", "came_back__raw")


def list_refunds_by(note: Invoice) -> QuerySet[Refund]:
    """Return the refunds of a credit note in order of proposal, but for those that were withdrawn."""
    return note.refunds.exclude(state=RefundState.WITHDRAWN).order_by("pk")


def list_owed(entry_id: int) -> list[Refund]:
    """Return the refunds of a line that came to nothing and are still promised: those of no bill, then the oldest."""
    owed = [each for each in list_refunds().filter(entry=entry_id) if each.owed_minor]
    return sorted(owed, key=lambda each: (each.credit_note_id is not None, each.pk))


def list_promise(*, entry_id: int, credit_note: Invoice, amount_minor: int, due_on: date) -> list[Refund]:
    """Return the refund by which a sum of a line was promised for a credit note, and those that took it over."""
    rows = list_refunds().filter(entry=entry_id).exclude(state=RefundState.WITHDRAWN)
    first = rows.filter(credit_note=credit_note, amount_minor=amount_minor, due_on=due_on, replaces=None)
    found = list(first.order_by("-pk")[:1])
    for refund in found:  # grows while it is read: what took over may be taken over
        found += rows.filter(replaces=refund)
    return found


def list_to_return() -> QuerySet[EntryBalance]:
    """Return the lines that are set aside to be given back and are not proposed yet."""
    rows = EntryBalance.objects.filter(work_state=WorkState.GIVE_BACK).select_related("entry__account")
    return rows.order_by("entry__value_date", "pk")


def count_to_approve(user_id: int) -> int:
    """Return how many refunds somebody may approve: none without an account, nor their own where it takes two."""
    refunds = [each for each in list_refunds().filter(state=RefundState.PROPOSED) if each.has_account]
    guarded = refunds_for_two_people(refunds)
    return sum(user_id not in each.authors or each.pk not in guarded for each in refunds)


def list_batches() -> QuerySet[RefundBatch]:
    """Return the files that were made, newest first, without their bytes."""
    return RefundBatch.objects.select_related("account").prefetch_related("refunds").defer("content").order_by("-pk")


def list_that_left_with(file_id: int) -> QuerySet[Refund]:
    """Return the refunds that left with lines of a file, in the order of the lines."""
    return Refund.objects.filter(debit__file=file_id).order_by("debit_id", "pk")


def list_that_came_back_with(file_id: int) -> QuerySet[Refund]:
    """Return the refunds that the bank returned with lines of a file, in the order of the lines, then the oldest."""
    return Refund.objects.filter(came_back__file=file_id).order_by("came_back_id", "pk")


def refunds_for_two_people(refunds: Sequence[Refund]) -> set[int]:
    """Return those refunds that none of their authors may approve."""
    editions = editions_of_refunds(refunds)
    rules = {edition: four_eyes_of(edition) for edition in set(editions.values())}
    return {key for key, edition in editions.items() if takes_two_people(rules[edition], Guarded.REFUND)}


def as_paid(refunds: QuerySet[Refund]) -> list[Paid]:
    """Return what matching is told of refunds, the oldest first."""
    told = refunds.order_by("pk").values_list("pk", "end_to_end_id", "iban", "amount_minor", "currency", "name")
    return [Paid(*row) for row in told]


def told_line(entry: BankEntry) -> ToldLine:
    """Return what matching is told of a line, of its raw text what was read of it."""
    return ToldLine(
        amount_cents=sum_told(entry),
        currency=entry.currency,
        end_to_end_id=entry.end_to_end_id,
        remittance=entry.remittance,
        account=entry.payer_iban,
        reversal=entry.reversal,
        raw=entry.told_raw if hasattr(entry, "told_raw") else entry.raw,
        name=entry.payer_name,
    )
