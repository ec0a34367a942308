"""Keep that money which was booked after a place had ended counts as paid by its notice, or does not after all."""

from datetime import date, datetime

from django.db import transaction

from chancery.domain.billing.models import BankEntry, Invoice, InvoiceLine
from chancery.domain.enrollment.models import CancellationNotice, DifferenceUndone, NoticeDifference
from chancery.domain.enrollment.policies.recounting import Recount
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def keep_difference(
    *,
    notice: CancellationNotice,
    line: InvoiceLine,
    entry: BankEntry,
    bill: Invoice,
    sums: Recount,
    refund_due_on: date,
    actor: Actor,
    now: datetime,
) -> NoticeDifference:
    """Write what counts, what of it stays by which bill, and by when the rest goes back."""
    row = NoticeDifference.objects.create(
        notice=notice,
        line=line,
        entry=entry,
        bill=bill,
        counted_minor=sums.counted_minor,
        kept_minor=sums.kept_minor,
        refund_due_on=refund_due_on,
        actor=actor.reference,
        at=now,
    )
    facts = {"entry": entry.pk, "counted_minor": sums.counted_minor, "kept_minor": sums.kept_minor}
    record(Event.NOTICE_RECOUNTED, actor=actor, subject=notice, now=now, facts=facts)
    return row


@transaction.atomic
def undo_difference(
    *, row: NoticeDifference, credit_note: Invoice, reason: str, actor: Actor, now: datetime
) -> DifferenceUndone:
    """Write that the money of a difference does not count, and which credit note takes its bill back."""
    undone = DifferenceUndone.objects.create(
        difference=row, credit_note=credit_note, reason=reason.strip()[:300], actor=actor.reference, at=now
    )
    facts = {"entry": row.entry_id, "counted_minor": row.counted_minor, "kept_minor": row.kept_minor}
    record(Event.NOTICE_RECOUNT_UNDONE, actor=actor, subject=row.notice, now=now, facts=facts)
    return undone
