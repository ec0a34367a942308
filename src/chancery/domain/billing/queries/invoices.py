"""Read bills: what is open, late and paid, and how each came to stand where it does."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.fields import BigIntegerField
from django.db.models.lookups import Exact, GreaterThan, LessThanOrEqual

from chancery.domain.billing.models import Invoice, InvoiceBalance, InvoiceLine, ProofOfTransfer, Refund, WriteOff
from chancery.domain.billing.queries.refunds import list_refunds
from chancery.domain.billing.states import InvoiceState
from chancery.foundation.documents.fonts import PrintableName, printable_name
from chancery.foundation.money import minor_from_text
from chancery.foundation.search import few_words

OPEN = ExpressionWrapper(
    F("balance__total_minor")
    - F("balance__credited_minor")
    - F("balance__written_off_minor")
    - F("balance__allocated_minor"),
    output_field=BigIntegerField(),
)

SUM = re.compile(r"\d{1,12}(\.\d{2,4})?", re.ASCII)
DAYS_A_COLUMN = 30
HAS_OPEN = GreaterThan(OPEN, 0)


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """Sums over bills of one currency, in minor units; ``total`` = received + open + credited + written off."""

    currency: str
    count: int
    total_minor: int
    received_minor: int
    open_minor: int
    credited_minor: int
    written_off_minor: int


def state_of(balance: InvoiceBalance) -> InvoiceState:
    """Return how a bill stands; derived, never stored."""
    if balance.credited_minor >= balance.total_minor:
        return InvoiceState.CREDITED
    if balance.open_minor <= 0:
        return InvoiceState.PAID
    return InvoiceState.PART_PAID if balance.allocated_minor > 0 else InvoiceState.OPEN


def is_late(invoice: Invoice, today: date) -> bool:
    """Tell whether the due day has passed with something left to pay."""
    return invoice.due_on is not None and invoice.due_on < today and invoice.balance.open_minor > 0


def list_invoices(
    *, edition_id: int | None = None, words: str = "", standing: str = "", today: date | None = None
) -> QuerySet[Invoice]:
    """Return bills with party and balance, newest first; ``standing`` is open, late, part or paid.

    Credit notes are no bills: they stand with the bill that they correct.
    """
    rows = (
        Invoice.objects.filter(corrects=None)
        .select_related("party", "balance", "edition", "external")
        .prefetch_related("lines__quote__application__person")
        .order_by("-id")
    )
    if edition_id is not None:
        rows = rows.filter(edition=edition_id)
    for word in few_words(words):
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(party__legal_name__icontains=word)
            | Q(creditor_reference__icontains=word)
            | Q(pk__in=_bills_of(word))
            | _sum_is(word)
        )
    return _standing(rows, standing, today)


def total_invoices(rows: QuerySet[Invoice]) -> list[InvoiceTotals]:
    """Return the sums of listed bills by currency."""
    ids = rows.order_by().values("pk")
    sums = (
        Invoice.objects.filter(pk__in=ids)
        .values("currency")
        .annotate(
            total=Sum("balance__total_minor"),
            received=Sum("balance__allocated_minor"),
            still=Sum(OPEN),
            credited=Sum("balance__credited_minor"),
            let_go=Sum("balance__written_off_minor"),
            n=Sum(1),
        )
        .order_by("currency")
    )
    return [
        InvoiceTotals(
            row["currency"], row["n"], row["total"], row["received"], row["still"], row["credited"], row["let_go"]
        )
        for row in sums
    ]


@dataclass(frozen=True, slots=True)
class Ages:
    """What is open in one currency by days after its due day, in minor units; the columns add up to what is open."""

    currency: str
    not_due: int
    month: int
    two_months: int
    three_months: int
    older: int


def age_invoices(rows: QuerySet[Invoice], today: date) -> list[Ages]:
    """Return the open sums of listed bills by age and currency; none where nothing is open."""
    sums: dict[str, list[int]] = {}
    listed = Invoice.objects.filter(HAS_OPEN, pk__in=rows.order_by().values("pk")).annotate(still=OPEN)
    for currency, due_on, still in listed.values_list("currency", "due_on", "still"):
        late = (today - due_on).days if due_on else 0
        column = 0 if late <= 0 else min((late - 1) // DAYS_A_COLUMN + 1, 4)
        sums.setdefault(currency, [0] * 5)[column] += still
    return [Ages(currency, *columns) for currency, columns in sorted(sums.items())]


def find_invoice(number: str) -> Invoice | None:
    """Return a bill with all that its page shows."""
    return (
        Invoice.objects.select_related("party", "balance", "edition__programme", "document", "external", "corrects")
        .prefetch_related("lines__quote__lines", "lines__quote__application__person", "allocations__entry")
        .filter(number=number)
        .first()
    )


def is_in_use(invoice: Invoice, *, since: datetime) -> bool:
    """Tell whether a bill is open or money goes back, or money or a credit note moved it since an instant."""
    if invoice.balance.open_minor > 0 or invoice.allocations.filter(at__gte=since).exists():
        return True
    if invoice.corrections.filter(issued_at__gte=since).exists():
        return True
    refunds = list_refunds().filter(credit_note__corrects=invoice)
    return any(_moves(each, since) for each in refunds)


def list_proofs(invoice: Invoice) -> QuerySet[ProofOfTransfer]:
    """Return the proofs of transfer for a bill, newest first."""
    return ProofOfTransfer.objects.filter(invoice=invoice).select_related("file").order_by("-id")


def list_write_offs(invoice: Invoice) -> QuerySet[WriteOff]:
    """Return what was let go of a bill, oldest first, takings back included."""
    return WriteOff.objects.filter(invoice=invoice).order_by("id")


def list_credit_notes(*, corrects: Invoice | None = None, edition_id: int | None = None) -> QuerySet[Invoice]:
    """Return the credit notes of a bill, or those of an edition, in order of issue."""
    rows = Invoice.objects.filter(corrects__isnull=False).select_related("party", "corrects", "edition")
    if corrects is not None:
        rows = rows.filter(corrects=corrects)
    if edition_id is not None:
        rows = rows.filter(edition=edition_id)
    return rows.order_by("id")


def names_on(invoice: Invoice) -> list[PrintableName]:
    """Return how the paper of a bill prints the names of its participants, from its frozen facts."""
    facts = invoice.document.facts if invoice.document else {}
    return [printable_name(each["name"], each["latin_name"]) for each in facts.get("participants", ())]


def _moves(refund: Refund, since: datetime) -> bool:
    """Tell whether something of a refund is still to go back, or it left since an instant."""
    if refund.is_open:
        return True
    left_on = refund.debit.booking_date if refund.debit else None
    return left_on is not None and left_on >= since.date()


def _bills_of(word: str) -> QuerySet[InvoiceLine, Any]:
    """Return the bills with a place of this person, application or city: as a query of its own, since joins add up."""
    found = InvoiceLine.objects.filter(
        Q(quote__application__person__name__icontains=word)
        | Q(quote__application__reference__iexact=word)
        | Q(quote__application__authority__city__name__icontains=word)
    )
    return found.values("invoice")


def _sum_is(word: str) -> Q:
    """Return bills of which this sum is the total or still open; ``1000`` and ``1000.00`` alike."""
    found = Q(pk__in=[])
    if not SUM.fullmatch(word):
        return found
    for currency in Invoice.objects.order_by().values_list("currency", flat=True).distinct():
        with suppress(ValueError):  # more digits than the currency has
            minor = minor_from_text(word, currency)
            found |= Q(currency=currency) & (Q(total_minor=minor) | Q(Exact(OPEN, minor)))
    return found


def _standing(rows: QuerySet[Invoice], standing: str, today: date | None) -> QuerySet[Invoice]:
    if standing == "open":
        return rows.filter(HAS_OPEN)
    if standing == "late":
        return rows.filter(HAS_OPEN, due_on__lt=today)
    if standing == "part":
        return rows.filter(HAS_OPEN, balance__allocated_minor__gt=0)
    if standing == "paid":
        return rows.filter(LessThanOrEqual(OPEN, 0))
    return rows
