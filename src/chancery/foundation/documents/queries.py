"""Read documents and what is still to be made."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from chancery.foundation.audit.refs import Ref, about_any
from chancery.foundation.documents.models import Document


def list_unrendered(*, now: datetime) -> QuerySet[Document]:
    """Return documents that wait for their bytes and whose next try is due, oldest first."""
    return Document.objects.filter(Q(attempt=None) | Q(attempt__next_at__lte=now), rendering=None).order_by("id")


def documents_about(pointers: Collection[Ref]) -> list[int]:
    """Return the documents that were made about these rows."""
    return list(Document.objects.filter(about_any(pointers)).order_by("pk").values_list("pk", flat=True))
