"""Places for tests, as rows."""

from datetime import UTC, date, datetime

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import BankEntry, Invoice
from chancery.domain.enrollment.models import CancellationNotice, NoticeDifference, Place, PlaceCharge, SeatCounter
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.services import open_thread


def make_place(application: Application, *, invoice: Invoice | None = None) -> Place:
    """Return a reserved place that holds a seat, charged by the invoice if there is one."""
    edition = application.edition
    seats, _ = SeatCounter.objects.get_or_create(edition=edition, defaults={"capacity": edition.capacity})
    seats.taken += 1
    seats.save()
    place = Place.objects.create(
        edition=edition,
        person=application.person,
        application=application,
        state=PlaceState.RESERVED,
        reserved_on=date(2024, 10, 11),
        starts_on_printed=edition.starts_on,
        refundable_until=datetime(2024, 10, 18, 22, 0, tzinfo=UTC),
        thread=open_thread(about=ref(application), purpose="place"),
    )
    if invoice:
        line = invoice.lines.get()
        PlaceCharge.objects.create(place=place, quote=line.quote, invoice_line=line)
    return place


def make_difference(notice: CancellationNotice, *, invoice: Invoice, entry: BankEntry) -> NoticeDifference:
    """Return a saved row by which a cent of a line counts as paid by a notice; the bill over what stays is the same."""
    return NoticeDifference.objects.create(
        notice=notice,
        line=invoice.lines.get(),
        entry=entry,
        bill=invoice,
        counted_minor=1,
        kept_minor=1,
        refund_due_on=notice.counts_from.date(),
        actor="user:1",
        at=notice.counts_from,
    )
