"""Read which sums the bank corrected, and what a line that came would correct."""

from django.db.models import QuerySet, Sum

from chancery.domain.billing.models import BankEntry, EntryConflict, EntryCorrection
from chancery.domain.billing.states import Contest, EntryStatus

MAY_CORRECT = {Contest.OTHER_SUM, Contest.SAME_REFERENCE}


def difference_of(contest: EntryConflict) -> int:
    """Return what a contested line adds to the one on file if the bank corrected that, in minor units.

    Zero where it can be no correction: the same sum, another currency, or a line that does not count itself.
    """
    came, first = contest.came, contest.entry
    if came is None or contest.why not in MAY_CORRECT or first.status != EntryStatus.BOOKED:
        return 0
    if came.currency != first.currency:
        return 0
    corrected = EntryCorrection.objects.filter(contest__entry=first).aggregate(sum=Sum("line__amount_minor"))["sum"]
    return came.amount_minor - first.amount_minor - (corrected or 0)


def list_corrections(entry: BankEntry) -> QuerySet[EntryCorrection]:
    """Return what the bank corrected of a line, oldest first, takings back included."""
    return EntryCorrection.objects.filter(contest__entry=entry).select_related("line").order_by("id")


def find_correction(entry: BankEntry) -> EntryCorrection | None:
    """Return the correction that a line is; None for a line of a statement."""
    rows = EntryCorrection.objects.filter(line=entry).select_related("contest__entry", "reversed_by")
    return rows.first()
