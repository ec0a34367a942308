"""Read whether the money of an application is settled."""

from collections.abc import Collection

from django.db.models import Q

from chancery.domain.billing.models import Invoice, Refund
from chancery.domain.billing.queries.invoices import HAS_OPEN


def is_open(bills: Collection[int]) -> bool:
    """Tell whether something of these bills is still to be paid."""
    return Invoice.objects.filter(HAS_OPEN, pk__in=bills, corrects=None).exists()


def list_refunds_of(bills: Collection[int]) -> list[Refund]:
    """Return the refunds of money that belonged to these bills."""
    of_bills = Q(credit_note__in=bills) | Q(entry__allocations__invoice__in=bills)
    return list(Refund.objects.filter(of_bills).distinct().order_by("pk"))


def runs(refunds: Collection[Refund]) -> bool:
    """Tell whether money is on its way back or still promised."""
    return any(refund.is_open for refund in refunds)
