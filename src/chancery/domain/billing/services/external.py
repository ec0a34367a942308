"""Record the invoice that the issuer's own system made."""

from datetime import date, datetime

from django.db import transaction

from chancery.domain.billing.models import ExternalInvoice, Invoice
from chancery.domain.billing.states import InvoiceKind
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.files.models import StoredFile
from chancery.foundation.ruling import Refused, refusal


class NotToBeRecorded(Refused):
    """Only a payment request has an invoice elsewhere, and only one."""


@transaction.atomic
def record_external_invoice(
    *, request_number: str, number: str, issued_on: date, file: StoredFile | None, actor: Actor, now: datetime
) -> ExternalInvoice:
    """Store number, day and file of the issuer's invoice; written once.

    :raises NotToBeRecorded: when the bill is no request, has its invoice already, or the number is blank.
    """
    request = Invoice.objects.select_for_update().get(number=request_number)
    if request.kind != InvoiceKind.REQUEST:
        raise NotToBeRecorded(refusal("no_payment_request"))
    if not number.strip() or ExternalInvoice.objects.filter(request=request).exists():
        raise NotToBeRecorded(refusal("invoice_recorded_already" if number.strip() else "number_missing"))
    external = ExternalInvoice.objects.create(
        request=request, number=number.strip()[:60], issued_on=issued_on, file=file, recorded_at=now
    )
    record(Event.INVOICE_RECORDED, actor=actor, subject=request, now=now, facts={"number": external.number})
    return external
