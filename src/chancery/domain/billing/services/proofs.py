"""Keep a paper that says money is on its way; it is never payment (promise B2)."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import Invoice, InvoiceBalance, ProofOfTransfer
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.files.models import StoredFile


@transaction.atomic
def keep_proof(*, invoice: Invoice, file: StoredFile, actor: Actor, now: datetime) -> ProofOfTransfer:
    """Store the proof and note when it was seen; the balance does not move."""
    proof = ProofOfTransfer.objects.create(invoice=invoice, file=file, uploaded_at=now)
    InvoiceBalance.objects.filter(invoice=invoice).update(proof_seen_at=now)
    record(Event.PROOF_SEEN, actor=actor, subject=invoice, now=now, facts={"file": file.pk})
    return proof
