"""Read which sums the bank corrected, and what a line that came would correct."""

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from chancery.domain.billing.models import BankEntry, EntryConflict, EntryCorrection
from chancery.domain.billing.states import Contest, EntryStatus

MAY_CORRECT = {Contest.OTHER_SUM, Contest.SAME_REFERENCE}
# The sum of a line as the bank tells it by now: with what was corrected of it.
_OF_LINE = EntryCorrection.objects.filter(contest__entry=OuterRef("pk")).order_by().values("contest__entry")
SUM_TOLD = F("amount_minor") + Coalesce(Subquery(_OF_LINE.annotate(sum=Sum("line__amount_minor")).values("sum")), 0)


def difference_of(contest: EntryConflict) -> int:
    """Return what a contested line adds to the one on file if the bank corrected that, in minor units.

    Zero where it can be no correction: the same sum, another currency, or a line that does not count itself.
    """
    came, first = contest.came, contest.entry
    if came is None or contest.why not in MAY_CORRECT or first.status != EntryStatus.BOOKED:
        return 0
    if came.currency != first.currency:
        return 0
    return came.amount_minor - sum_told(first)


def sum_told(entry: BankEntry) -> int:
    """Return the sum of a line as the bank tells it by now, in minor units, read with the line or asked for."""
    if (told := getattr(entry, "told_minor", None)) is not None:
        return int(told)
    corrected = EntryCorrection.objects.filter(contest__entry=entry).aggregate(sum=Sum("line__amount_minor"))["sum"]
    return entry.amount_minor + (corrected or 0)


def list_corrections(entry: BankEntry) -> QuerySet[EntryCorrection]:
    """Return what the bank corrected of a line, oldest first, takings back included."""
    return EntryCorrection.objects.filter(contest__entry=entry).select_related("line").order_by("id")


def is_corrected_beside(entry: BankEntry) -> bool:
    """Tell whether a correction of a line stands of which some waits, or was used, as a line of its own."""
    standing = list_corrections(entry).filter(reverses=None, reversed_by=None)
    return standing.exclude(netted_minor=F("line__amount_minor")).exists()


def named_minor(entry: BankEntry) -> int:
    """Return what of a credit refunds took that came back with it, in minor units: what was free of it then.

    What the bank corrected of it before is set against it; a difference that came since is a line of its own.
    """
    return entry.amount_minor + sum(each.netted_minor for each in list_corrections(entry))


def waits_beside(entry: BankEntry) -> bool:
    """Tell whether the last correction of a line stands of which some is a line of its own, and nothing was used."""
    standing = list_corrections(entry).filter(reverses=None, reversed_by=None).select_related("line__balance")
    last = standing.last()
    rest = last.line.amount_minor - last.netted_minor if last else 0
    return last is not None and rest != 0 and last.line.balance.left_minor == rest


def find_correction(entry: BankEntry) -> EntryCorrection | None:
    """Return the correction that a line is; None for a line of a statement."""
    rows = EntryCorrection.objects.filter(line=entry).select_related("contest__entry", "reversed_by")
    return rows.first()
