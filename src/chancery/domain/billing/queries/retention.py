"""Read whether the money of an application is settled."""

from collections.abc import Collection

from django.db.models import Q

from chancery.domain.billing.models import Invoice, Refund
from chancery.domain.billing.queries.invoices import HAS_OPEN
from chancery.domain.billing.states import RefundState

RUNNING = (RefundState.PROPOSED, RefundState.APPROVED, RefundState.EXPORTED)


def list_bills_of(application_ids: Collection[int]) -> list[int]:
    """Return the bills that ask money for applications, and the credit notes that correct them."""
    billed = Invoice.objects.filter(lines__quote__application__in=application_ids).values("pk")
    rows = Invoice.objects.filter(Q(pk__in=billed) | Q(corrects__in=billed))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def files_billed_by(invoice_id: int) -> set[int]:
    """Return the applications that a bill, or the bill that a credit note corrects, asks money for."""
    lines = Invoice.objects.filter(Q(pk=invoice_id) | Q(corrections=invoice_id))
    return set(
        lines.filter(lines__quote__isnull=False).values_list("lines__quote__application_id", flat=True).order_by()
    )


def is_open(bills: Collection[int]) -> bool:
    """Tell whether something of these bills is still to be paid."""
    return Invoice.objects.filter(HAS_OPEN, pk__in=bills, corrects=None).exists()


def list_refunds_of(bills: Collection[int]) -> list[Refund]:
    """Return the refunds of money that belonged to these bills."""
    of_bills = Q(credit_note__in=bills) | Q(entry__allocations__invoice__in=bills)
    return list(Refund.objects.filter(of_bills).distinct().order_by("pk"))


def runs(refunds: Collection[Refund]) -> bool:
    """Tell whether money is on its way back: a failed or rejected refund runs on in the one that replaces it."""
    return any(refund.state in RUNNING for refund in refunds)
