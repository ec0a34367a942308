"""Which room renders which kind of document."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from chancery.domain.admissions.documents.submission import render_submission
from chancery.domain.billing.documents import render_invoice
from chancery.domain.billing.documents.paper import render_bill
from chancery.domain.enrollment.documents.confirmation import render_confirmation
from chancery.foundation.documents.models import Document


class Renderer(Protocol):
    """Makes the PDF of one kind of document from its frozen facts."""

    def __call__(self, facts: Mapping[str, Any], /, *, language: str, issued_at: datetime) -> bytes:
        """Return the PDF."""


RENDERERS: Mapping[str, Renderer] = {
    "admissions/submission": render_submission,
    "billing/invoice": render_bill,
    "billing/pro_forma": render_invoice,
    "enrollment/confirmation": render_confirmation,
}


def render_document(document: Document) -> bytes:
    """Return the PDF of a document from its frozen facts; the same facts give the same bytes.

    :raises KeyError: when no room renders this kind.
    """
    render = RENDERERS[document.kind]
    return render(document.facts, language=document.language, issued_at=document.requested_at)
