"""Read what still needs an application, its place and its money, and which rows are about it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet

from chancery.domain.admissions.models import Application, SupplementRequest
from chancery.domain.admissions.states import SETTLED
from chancery.domain.billing.models import Invoice, InvoiceLine, Refund
from chancery.domain.billing.queries.retention import is_open, list_refunds_of, runs
from chancery.domain.enrollment.models import CancellationNotice, Place, Substitution
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NOTICE_WAITS, SUBSTITUTION_OPEN
from chancery.foundation.audit.refs import Ref, about_any, ref
from chancery.foundation.calendar import day_end
from chancery.foundation.mail.models import IncomingMail, MailThread
from chancery.foundation.obligations.queries import list_open
from chancery.foundation.privacy.policies import Unsettled


def unsettled_of(application: Application, *, now: datetime) -> Unsettled:
    """Return what is still open about an application; a place is live until its course is over."""
    bills = list_bills_of([application.pk])
    refunds = list_refunds_of(bills)
    places = Place.objects.filter(application=application, state__in=HOLDS_A_SEAT)
    over_at = day_end(application.edition.ends_on, ZoneInfo(application.edition.time_zone))
    pointers = [*rows_about([application.pk]), *_about_money(bills, refunds)]
    waits = CancellationNotice.objects.filter(place__application=application, state__in=NOTICE_WAITS).exists()
    wished = Substitution.objects.filter(place__application=application, state__in=SUBSTITUTION_OPEN).exists()
    return Unsettled(
        under_way=application.state not in SETTLED,
        place_live=over_at > now and (wished or places.exists()),
        bill_open=is_open(bills),
        refund_runs=runs(refunds),
        notice_waits=waits,
        promise_open=list_open().filter(about_any(pointers)).exists(),
    )


def rows_about(applications: Collection[int]) -> list[Ref]:
    """Return the rows that events, mails and documents about applications point to; none that the law keeps."""
    places = Place.objects.filter(application__in=applications)
    rows: list[QuerySet[Model]] = [
        places,
        CancellationNotice.objects.filter(place__in=places),
        Substitution.objects.filter(place__in=places),
        SupplementRequest.objects.filter(application__in=applications),
    ]
    own = _pointers(Application, applications)
    return [*own, *(each for found in rows for each in _pointers(found.model, _ids(found)))]


def rows_with_money(applications: Collection[int]) -> list[Ref]:
    """Return the rows about applications, with those of their money that the law keeps: bills and refunds."""
    bills = list_bills_of(applications)
    return [*rows_about(applications), *_about_money(bills, list_refunds_of(bills))]


def list_bills_of(application_ids: Collection[int]) -> list[int]:
    """Return the bills that ask money for applications, and the credit notes that correct them.

    Whoever takes a place over, or moves to the next edition, is asked for by a bill that was written for another file.
    """
    quoted = Invoice.objects.filter(lines__quote__application__in=application_ids).values("pk")
    priced = Invoice.objects.filter(lines__charge__place__application__in=application_ids).values("pk")
    billed = Q(pk__in=quoted) | Q(pk__in=priced)
    rows = Invoice.objects.filter(billed | Q(corrects__in=Invoice.objects.filter(billed)))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def files_billed_by(invoice_id: int) -> set[int]:
    """Return the applications that a bill, or the bill that a credit note corrects, asks or asked money for."""
    lines = InvoiceLine.objects.filter(Q(invoice=invoice_id) | Q(invoice__corrections=invoice_id))
    quoted = set(lines.filter(quote__isnull=False).values_list("quote__application_id", flat=True))
    return quoted | set(lines.filter(charge__isnull=False).values_list("charge__place__application_id", flat=True))


def files_of(pointer: Ref) -> set[int]:
    """Return the applications that a row is about: that of a place, those that a bill asks money for."""
    lookups: dict[str, tuple[QuerySet[Model], str]] = {
        "admissions.supplementrequest": (SupplementRequest.objects.all(), "application_id"),
        "enrollment.place": (Place.objects.all(), "application_id"),
        "enrollment.substitution": (Substitution.objects.all(), "place__application_id"),
        "enrollment.cancellationnotice": (CancellationNotice.objects.all(), "place__application_id"),
    }
    if pointer.kind == "admissions.application":
        return {int(pointer.id)}
    if pointer.kind == "billing.invoice":
        return files_billed_by(int(pointer.id))
    if pointer.kind == "billing.refund":
        note = Refund.objects.filter(pk=pointer.id).values_list("credit_note_id", flat=True).first()
        return files_billed_by(note) if note else set()
    if pointer.kind not in lookups:
        return set()
    rows, path = lookups[pointer.kind]
    return set(rows.filter(pk=pointer.id).values_list(path, flat=True))


def incoming_about(pointers: Iterable[Ref]) -> QuerySet[IncomingMail]:
    """Return what came in on the threads of these rows, the mails that decide about a place left out."""
    threads = MailThread.objects.filter(about_any(pointers))
    return IncomingMail.objects.filter(thread__in=threads, notice=None)


def notices_with_words() -> QuerySet[CancellationNotice]:
    """Return the notices whose letter, note or reason is still kept."""
    words = Q(mail__isnull=False) | ~Q(note="") | ~Q(decided_because="") | ~Q(found=[])
    return CancellationNotice.objects.filter(words).select_related("place__application").order_by("pk")


def _about_money(bills: Iterable[int], refunds: Iterable[Refund]) -> list[Ref]:
    return [*_pointers(Invoice, bills), *(ref(each) for each in refunds)]


def _pointers(model: type[Model], ids: Iterable[int]) -> list[Ref]:
    return [Ref(model._meta.label_lower, str(each)) for each in ids]


def _ids(rows: QuerySet[Model]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))
