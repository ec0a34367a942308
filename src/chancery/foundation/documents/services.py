"""Ask for a document inside a transaction; store its bytes once they are made."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from chancery.foundation.audit.refs import Ref
from chancery.foundation.documents.models import Document, Rendering, RenderingAttempt
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import store_bytes

BACK_OFF = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))


@transaction.atomic
def request_document(
    kind: str, *, about: Ref, language: str, filename: str, facts: Mapping[str, Any], now: datetime
) -> Document:
    """Store the frozen facts of a document; the worker renders it after commit. Asking twice returns the first."""
    document, _ = Document.objects.get_or_create(
        kind=kind,
        subject_kind=about.kind,
        subject_id=about.id,
        defaults={"language": language, "filename": filename, "facts": dict(facts), "requested_at": now},
    )
    return document


@transaction.atomic
def store_rendering(document: Document, *, content: bytes, now: datetime) -> Rendering:
    """Store the bytes unless another worker was faster; return what is stored."""
    existing = Rendering.objects.filter(document=document).first()
    if existing:
        return existing
    file = store_bytes(
        content, purpose=Purpose.DOCUMENT, name=document.filename, content_type="application/pdf", now=now
    )
    RenderingAttempt.objects.filter(document=document).delete()
    rendering, _ = Rendering.objects.get_or_create(document=document, defaults={"file": file, "rendered_at": now})
    return rendering


@transaction.atomic
def note_failure(document: Document, *, error: str, now: datetime) -> None:
    """Note why a document could not be made and when to try again."""
    attempt, _ = RenderingAttempt.objects.get_or_create(document=document, defaults={"next_at": now})
    attempt.attempts += 1
    attempt.error = error[:2000]
    attempt.next_at = now + BACK_OFF[min(attempt.attempts, len(BACK_OFF)) - 1]
    attempt.save(update_fields=["attempts", "error", "next_at"])
