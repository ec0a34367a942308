"""Read money on its way back."""

from django.db.models import QuerySet

from chancery.domain.billing.models import BankEntry, EntryBalance, Refund, RefundBatch
from chancery.domain.billing.states import EntryStatus, RefundState, WorkState


def list_refunds() -> QuerySet[Refund]:
    """Return all refunds with the people concerned, the earliest due day first."""
    people = ("proposed_by", "decided_by")
    return Refund.objects.select_related("entry__account", "batch", "credit_note", *people).order_by("due_on", "pk")


def list_to_return() -> QuerySet[EntryBalance]:
    """Return the lines that are set aside to be given back and are not proposed yet."""
    rows = EntryBalance.objects.filter(work_state=WorkState.GIVE_BACK).select_related("entry__account")
    return rows.order_by("entry__value_date", "pk")


def count_proposed() -> int:
    """Return how many refunds wait for a second person."""
    return Refund.objects.filter(state=RefundState.PROPOSED).count()


def list_batches() -> QuerySet[RefundBatch]:
    """Return the files that were made, newest first, without their bytes."""
    return RefundBatch.objects.select_related("account").prefetch_related("refunds").defer("content").order_by("-pk")


def accounts_to_pay_from() -> list[str]:
    """Return the accounts that hold approved refunds, the one with the oldest first."""
    rows = Refund.objects.filter(state=RefundState.APPROVED, currency="EUR").order_by("pk")
    return list(dict.fromkeys(rows.values_list("entry__account__number", flat=True)))


def list_leaving(file_id: int) -> list[tuple[int, BankEntry]]:
    """Return the exported refunds that lines of a file show leaving, each with its line, by end-to-end reference."""
    waiting = {
        refund.end_to_end_id: refund
        for refund in Refund.objects.filter(state=RefundState.EXPORTED).only(
            "end_to_end_id", "amount_minor", "currency"
        )
    }
    if not waiting:
        return []
    debits = BankEntry.objects.filter(file=file_id, status=EntryStatus.BOOKED, amount_minor__lt=0)
    found = []
    for debit in debits.order_by("pk").iterator():
        named = next((each for each in (debit.end_to_end_id, *debit.remittance.split()) if each in waiting), None)
        if named and _same_money(waiting[named], debit):
            found.append((waiting.pop(named).pk, debit))
    return found


def _same_money(refund: Refund, debit: BankEntry) -> bool:
    return (refund.amount_minor, refund.currency) == (-debit.amount_minor, debit.currency)
