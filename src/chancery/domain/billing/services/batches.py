"""Complete a booked batch by the announcement that tells its items; in whichever order the files come."""

from django.db import transaction

from chancery.domain.billing.identity import ANNOUNCED, is_reference
from chancery.domain.billing.matching.batches import Announced, BookedSum, batches_in, pair_batches
from chancery.domain.billing.models import BankAccount, BankEntry, BatchItem
from chancery.domain.billing.states import EntryStatus, FileState

TOLD = ("pk", "account_id", "booking_date", "amount_minor", "currency")


@transaction.atomic
def itemise_batches(*, file_id: int) -> int:
    """Join booked sums with the announced payments that they are made of, on the days of a file; return how many.

    Announced money stays announced: only the booked line is money, and it is booked as before.
    """
    days = list(BankEntry.objects.filter(file=file_id).values_list("account_id", "booking_date").distinct())
    accounts = {account for account, _ in days}
    rows = BankEntry.objects.filter(
        account__in=accounts,
        booking_date__in={day for _, day in days if day},
        amount_minor__gt=0,
        file__state=FileState.ACCEPTED,
    ).order_by("pk")
    seen = rows.filter(status=EntryStatus.INFO, identity__startswith=ANNOUNCED, item_of=None)
    if not seen.exists():
        return 0
    list(BankAccount.objects.select_for_update().filter(pk__in=accounts).order_by("pk"))
    batches = batches_in(Announced(*row) for row in seen.values_list(*TOLD, "raw").iterator())
    sums = {each.amount_cents for each in batches}
    booked = rows.filter(status=EntryStatus.BOOKED, items=None, amount_minor__in=sums).defer("raw")
    pairs = pair_batches(batches, [_sum(entry) for entry in booked])
    BatchItem.objects.bulk_create(
        BatchItem(entry_id=entry_id, announced_id=key) for entry_id, keys in pairs for key in keys
    )
    return len(pairs)


def _sum(entry: BankEntry) -> BookedSum:
    alone = not (entry.creditor_references or entry.payer_iban or is_reference(entry.end_to_end_id))
    reference = entry.bank_reference if is_reference(entry.bank_reference) else ""
    return BookedSum(
        key=entry.pk,
        account=entry.account_id,
        day=entry.booking_date,
        amount_cents=entry.amount_minor,
        currency=entry.currency,
        reference=reference,
        plain=alone or entry.doubtful,
    )
