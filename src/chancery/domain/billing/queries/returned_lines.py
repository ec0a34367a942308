"""Which line takes another one back: money that came in and left again, to the cent, by the same hand."""

from django.db.models import Q, QuerySet

from chancery.domain.billing.identity import is_reference
from chancery.domain.billing.models import BankEntry
from chancery.domain.billing.states import EntryStatus, FileState

MOST = 5


def list_counterparts(entry: BankEntry) -> list[BankEntry]:
    """Return the credits that a debit may take back, or the debits that may take a credit back, the newest first.

    Nothing of both lines is used yet; the sums are equal, and so is the account of the payer or the end-to-end
    reference.
    """
    same = _by_the_same_hand(entry)
    if not same or entry.status != EntryStatus.BOOKED or entry.balance.left_minor != entry.amount_minor:
        return []
    return list(_unused(entry).filter(same).order_by("-booking_date", "-pk")[:MOST])


def _unused(entry: BankEntry) -> QuerySet[BankEntry]:
    rows = BankEntry.objects.filter(
        account=entry.account_id,
        amount_minor=-entry.amount_minor,
        currency=entry.currency,
        status=EntryStatus.BOOKED,
        file__state=FileState.ACCEPTED,
    ).exclude(amount_minor=0)
    free = {f"balance__{used}": 0 for used in ("allocated_minor", "returned_minor", "cost_minor")}
    return rows.filter(**free).select_related("balance").defer("raw")


def _by_the_same_hand(entry: BankEntry) -> Q:
    same = Q()
    if entry.payer_iban:
        same |= Q(payer_iban=entry.payer_iban)
    if is_reference(entry.end_to_end_id):
        same |= Q(end_to_end_id=entry.end_to_end_id)
    return same
