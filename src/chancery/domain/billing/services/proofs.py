"""Keep a paper that says money is on its way; it is never payment (promise B2)."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import Invoice, InvoiceBalance, ProofOfTransfer
from chancery.domain.billing.services.allocating import lock_invoice_balances
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.files.uploads import CheckedUpload
from chancery.foundation.ruling import Refused, refusal

# A bank writes one paper a transfer; each is kept as long as the money, so that nobody fills the disk with them.
MOST_PROOFS = 10


class TooManyProofs(Refused):
    """Somebody sent as many proofs of a bill as are kept."""


@transaction.atomic
def keep_proof(*, invoice: Invoice, upload: CheckedUpload, actor: Actor, now: datetime) -> ProofOfTransfer:
    """Store the proof and note when it was seen; the balance does not move.

    :raises TooManyProofs: when this person sent as many as are kept; a bill may be that of several people.
    """
    lock_invoice_balances([invoice.pk])
    if invoice.proofs.filter(sent_by=actor.reference).count() >= MOST_PROOFS:
        raise TooManyProofs(refusal("proofs_enough"))
    file = store_bytes(
        upload.content,
        purpose=Purpose.PROOF_OF_TRANSFER,
        name=upload.name,
        content_type=upload.content_type,
        now=now,
    )
    proof = ProofOfTransfer.objects.create(invoice=invoice, file=file, sent_by=actor.reference, uploaded_at=now)
    InvoiceBalance.objects.filter(invoice=invoice).update(proof_seen_at=now)
    record(Event.PROOF_SEEN, actor=actor, subject=invoice, now=now, facts={"file": file.pk})
    return proof
