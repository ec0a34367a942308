"""Read which notices took effect before money was booked that had been paid by their day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from chancery.domain.billing.models import BankEntry, Invoice, InvoiceLine
from chancery.domain.billing.queries.bank import names_bill
from chancery.domain.enrollment.models import CancellationNotice, NoticeDifference, Place
from chancery.domain.enrollment.states import NoticeState
from chancery.foundation.calendar import local_day


def list_notices_paid_by(entry: BankEntry) -> list[tuple[CancellationNotice, InvoiceLine]]:
    """Return the notices that keep a share of what was paid, whose bill a credit names, and that are no older than it.

    Each comes with the line of the bill that was credited; the day of the credit is its value day.
    """
    day = entry.value_date or entry.booking_date
    if day is None or entry.amount_minor <= 0:
        return []
    earliest = datetime.combine(day, time(), UTC) - timedelta(days=1)  # whatever the zone
    notices = CancellationNotice.objects.filter(
        state=NoticeState.EFFECTED, rate__lt=1, currency=entry.currency, counts_from__gte=earliest
    ).select_related(
        "place__edition", "place__application", "place__person", "credit_note__corrects", "second_credit_note__corrects"
    )
    in_time = [each for each in notices.order_by("pk") if _day_of(each) >= day]
    notes = [(notice, note) for notice in in_time for note in notice.credit_notes]
    named = [(notice, note) for notice, note in notes if _names_bill_of(entry, notice.place, note)]
    return [(notice, note.lines.get().credits.line) for notice, note in named]


def _names_bill_of(entry: BankEntry, place: Place, note: Invoice) -> bool:
    """Tell whether a credit names the bill that a credit note corrects, or one of the same payer that it replaced."""
    lines = place.charges.filter(invoice_line__isnull=False).select_related("invoice_line__invoice")
    bills = [(each.payer_number, each.invoice_line.invoice) for each in lines if each.invoice_line]
    payers = {payer for payer, bill in bills if bill.pk == note.corrects_id}
    return any(names_bill(entry, bill) for payer, bill in bills if payer in payers)


def counted_later(notice: CancellationNotice, line: InvoiceLine) -> int:
    """Return what counts as paid for a line since the notice had taken effect, in minor units."""
    rows = NoticeDifference.objects.filter(notice=notice, line=line, undone=None)
    return rows.aggregate(sum=Sum("counted_minor"))["sum"] or 0


def list_differences(notice: CancellationNotice) -> QuerySet[NoticeDifference]:
    """Return what was counted as paid after a notice had taken effect, oldest first, what was undone too."""
    return _with_papers(NoticeDifference.objects.filter(notice=notice))


def list_differences_of(entry: BankEntry) -> QuerySet[NoticeDifference]:
    """Return what of a bank line was counted as paid by notices, oldest first, what was undone too."""
    rows = NoticeDifference.objects.filter(entry=entry)
    return _with_papers(rows).select_related("notice__place__edition", "notice__place__application")


def find_difference(difference_id: int) -> NoticeDifference:
    """Return a difference with its papers.

    :raises NoticeDifference.DoesNotExist: when there is none.
    """
    return _with_papers(NoticeDifference.objects.all()).select_related("line").get(pk=difference_id)


def _with_papers(rows: QuerySet[NoticeDifference]) -> QuerySet[NoticeDifference]:
    return rows.select_related("bill", "entry", "undone__credit_note").defer("entry__raw").order_by("pk")


def _day_of(notice: CancellationNotice) -> date:
    return local_day(notice.counts_from, ZoneInfo(notice.place.edition.time_zone))
