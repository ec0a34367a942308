"""The step of handing a paper out: made on first look from its frozen facts, and the same bytes for ever."""

from collections.abc import Callable
from datetime import datetime

from chancery.foundation.documents.models import Document, Rendering
from chancery.foundation.documents.services import store_rendering
from chancery.foundation.files.storage import read_bytes


def bytes_of(document: Document, *, make: Callable[..., bytes], now: datetime) -> bytes:
    """Return the stored paper of a document; ``make`` renders it where nobody has yet."""
    stored = Rendering.objects.select_related("file").filter(document=document).first()
    if stored is None:
        content = make(document.facts, language=document.language, issued_at=document.requested_at)
        stored = store_rendering(document, content=content, now=now)
    return read_bytes(stored.file)
