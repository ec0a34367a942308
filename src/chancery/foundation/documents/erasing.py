"""Delete documents with their paper; only an erasure may."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from chancery.foundation.documents.models import Document, Rendering, RenderingAttempt
from chancery.foundation.files.removal import order_removal
from chancery.foundation.privacy.permits import erasure_permitted


@transaction.atomic
def erase_documents(document_ids: Collection[int], *, now: datetime) -> int:
    """Delete documents, what they were made from and their files; whatever points to them is deleted before."""
    renderings = Rendering.objects.filter(document__in=document_ids)
    files = list(renderings.values_list("file_id", flat=True))
    with erasure_permitted("documents"):
        RenderingAttempt.objects.filter(document__in=document_ids).delete()
        renderings.delete()
        order_removal(files, now=now)
        return Document.objects.filter(pk__in=document_ids).delete()[0]
