"""What stands in a scratch database after a test, as plain figures; every promise about money is counted from rows."""

from collections import Counter
from typing import Any

from django.db.models import F, Sum

from chancery.domain.billing.models import (
    Allocation,
    BankEntry,
    EntryBalance,
    Invoice,
    InvoiceBalance,
    Statement,
)
from chancery.domain.billing.states import EntryStatus, FileState
from chancery.domain.enrollment.models import Place, PlaceCharge, SeatCounter, WaitingEntry
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.queries import verify_chain
from chancery.foundation.documents.models import Document, Rendering
from chancery.foundation.files.models import Purpose, StoredFile
from chancery.foundation.mail.models import MailDelivery, OutgoingMail


def of_admissions() -> dict[str, Any]:
    """Say who has a seat, who waits, and what was billed and mailed."""
    mails = Counter(OutgoingMail.objects.values_list("kind", flat=True))
    return {
        "places": Place.objects.count(),
        "taken": SeatCounter.objects.get().taken,
        "ranks": list(WaitingEntry.objects.order_by("rank").values_list("rank", flat=True)),
        "charges": PlaceCharge.objects.filter(current=True).values("place").distinct().count(),
        "numbers": list(Invoice.objects.order_by("sequence").values_list("sequence", flat=True)),
        "mails": {kind: mails[kind] for kind in sorted(mails)},
        "places_mailed": OutgoingMail.objects.filter(kind="enrollment/place_reserved")
        .values("subject_id")
        .distinct()
        .count(),
        "trail": _chain(),
    }


def of_money() -> dict[str, Any]:
    """Say how the money stands; every list is empty where nothing was lost and nothing counted twice."""
    paid = Invoice.objects.filter(balance__allocated_minor=F("total_minor"))
    return {
        "entries": BankEntry.objects.filter(file__state=FileState.ACCEPTED).count(),
        "staged_left": BankEntry.objects.exclude(file__state=FileState.ACCEPTED).count(),
        "unmatched": BankEntry.objects.filter(status=EntryStatus.BOOKED, balance=None).count(),
        "paid": paid.count(),
        "guaranteed": Place.objects.filter(state=PlaceState.GUARANTEED).count(),
        "guaranteed_unpaid": list(
            PlaceCharge.objects.filter(current=True, place__state=PlaceState.GUARANTEED)
            .exclude(invoice_line__invoice__in=paid)
            .values_list("place", flat=True)
        ),
        "wrong_entries": _differing(EntryBalance.objects.all(), "entry"),
        "wrong_invoices": _differing(InvoiceBalance.objects.all(), "invoice"),
        "over_paid": list(
            InvoiceBalance.objects.filter(allocated_minor__gt=F("total_minor")).values_list("invoice", flat=True)
        ),
        "unexplained": [each.pk for each in Statement.objects.filter(file__report__known=0) if _gap(each)],
        "guaranteed_mails": OutgoingMail.objects.filter(kind="enrollment/place_guaranteed").count(),
        "trail": _chain(),
    }


def of_outbox() -> dict[str, Any]:
    """Say which mails and papers there are, and how they stand."""
    return {
        "states": dict(Counter(MailDelivery.objects.values_list("state", flat=True))),
        "message_ids": sorted(OutgoingMail.objects.values_list("message_id", flat=True)),
        "documents": Document.objects.count(),
        "renderings": Rendering.objects.count(),
        "papers": StoredFile.objects.filter(purpose=Purpose.DOCUMENT).count(),
        "trail": _chain(),
    }


def _differing(balances: Any, owner: str) -> list[int]:
    """Return the owners whose balance is not the sum of their allocations."""
    sums = dict(Allocation.objects.values_list(owner).annotate(Sum("amount_minor")).order_by())
    return [
        owner_id
        for owner_id, allocated in balances.values_list(owner, "allocated_minor")
        if sums.get(owner_id, 0) != allocated
    ]


def _gap(statement: Statement) -> bool:
    booked = statement.entries.filter(status=EntryStatus.BOOKED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return (statement.opening_minor or 0) + booked != statement.closing_minor


def _chain() -> str:
    """Say whether every event stands once in one unbroken chain."""
    report, unsealed = verify_chain(), AuditEvent.objects.filter(seal=None).count()
    if not report.intact:
        return f"broken at event {report.first_broken}"
    return f"{unsealed} unsealed" if unsealed else "intact"
