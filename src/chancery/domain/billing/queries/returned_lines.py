"""Which line takes another one back: money that came in and left again, to the cent, by the same hand."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from chancery.domain.billing.identity import is_reference
from chancery.domain.billing.models import Allocation, BankEntry, EntryReturn, Refund
from chancery.domain.billing.states import EntryStatus, FileState

MOST = 5
UNUSED = Q(balance__allocated_minor=0, balance__returned_minor=0, balance__cost_minor=0)


def find_return(entry: BankEntry) -> EntryReturn | None:
    """Return what joins a line with the one that it took back or that took it back; None where nothing does (now)."""
    standing = _standing_returns().select_related("credit", "debit")
    return standing.filter(Q(credit=entry) | Q(debit=entry)).first()


def list_taking_back(refund: Refund) -> list[BankEntry]:
    """Return the unused debits with which the bank may have taken the money of a refund back, the newest first.

    The sum is that of the refund's line, and so is the account of the other party or the end-to-end reference. Where
    the refund is the whole line, it takes the bank's mark: without it somebody may have paid the refund.
    """
    credit, same = refund.entry, _by_the_same_hand(refund.entry)
    is_whole = refund.amount_minor == credit.amount_minor
    rows = _unused(credit).filter(same) if same else BankEntry.objects.none()
    return list((rows.filter(reversal=True) if is_whole else rows).order_by("-booking_date", "-pk")[:MOST])


def list_counterparts(entry: BankEntry) -> list[BankEntry]:
    """Return the credits that a debit may take back, or the debits that may take a credit back, the newest first.

    Nothing of both lines is used yet; the sums are equal, and so is the account of the payer or the end-to-end
    reference.
    """
    same = _by_the_same_hand(entry)
    if not same or entry.status != EntryStatus.BOOKED or entry.balance.left_minor != entry.amount_minor:
        return []
    return list(_unused(entry).filter(same).order_by("-booking_date", "-pk")[:MOST])


def list_that_may_take_back(debits: Sequence[BankEntry]) -> set[int]:
    """Return those of some debits before which the same sum came in by the same hand, booked or not; one query."""
    came: dict[tuple[int, str, int], list[BankEntry]] = defaultdict(list)
    for credit in _came_in(debits):
        came[credit.account_id, credit.currency, credit.amount_minor].append(credit)
    return {debit.pk for debit in debits if any(_may_take_back(debit, each) for each in came[_opposite(debit)])}


def list_bookings_taken_back(debit: BankEntry) -> list[Allocation]:
    """Return the standing bookings of credits that a debit may take back, the newest credit first.

    The sums are equal, and so is the payer's account, name or end-to-end reference.
    """
    came = [each.pk for each in _came_in([debit]) if _may_take_back(debit, each)]
    latest = sorted(came, reverse=True)[:MOST]
    rows = Allocation.objects.filter(entry__in=latest, amount_minor__gt=0, reversed_by=None)
    return list(rows.order_by("-entry", "pk"))


def _came_in(debits: Sequence[BankEntry]) -> QuerySet[BankEntry]:
    rows = BankEntry.objects.filter(
        account__in={debit.account_id for debit in debits},
        amount_minor__in={-debit.amount_minor for debit in debits},
        status=EntryStatus.BOOKED,
        file__state=FileState.ACCEPTED,
    )
    told = ("account", "currency", "amount_minor", "booking_date", "payer_iban", "payer_name", "end_to_end_id")
    taken_back = Exists(_standing_returns().filter(credit=OuterRef("pk")))
    return rows.filter(~taken_back, amount_minor__gt=0).only(*told)


def _standing_returns() -> QuerySet[EntryReturn]:
    return EntryReturn.objects.filter(reverses=None, reversed_by=None)


def _opposite(debit: BankEntry) -> tuple[int, str, int]:
    return debit.account_id, debit.currency, -debit.amount_minor


def _may_take_back(debit: BankEntry, credit: BankEntry) -> bool:
    """Whether a credit of the same sum came before a debit and by the same hand; a name tells where no account does."""
    if (credit.booking_date or date.min) > (debit.booking_date or date.max):
        return False
    if is_reference(debit.end_to_end_id) and credit.end_to_end_id == debit.end_to_end_id:
        return True
    if credit.payer_iban and debit.payer_iban:
        return credit.payer_iban == debit.payer_iban
    return bool(debit.payer_name) and credit.payer_name.casefold() == debit.payer_name.casefold()


def _unused(entry: BankEntry) -> QuerySet[BankEntry]:
    rows = BankEntry.objects.filter(
        account=entry.account_id,
        amount_minor=-entry.amount_minor,
        currency=entry.currency,
        status=EntryStatus.BOOKED,
        file__state=FileState.ACCEPTED,
    ).exclude(amount_minor=0)
    return rows.filter(UNUSED).select_related("balance").defer("raw")


def _by_the_same_hand(entry: BankEntry) -> Q:
    same = Q()
    if entry.payer_iban:
        same |= Q(payer_iban=entry.payer_iban)
    if is_reference(entry.end_to_end_id):
        same |= Q(end_to_end_id=entry.end_to_end_id)
    return same
