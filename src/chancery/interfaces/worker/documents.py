"""Which room renders which kind of document."""

from collections.abc import Callable

from chancery.domain.admissions.documents import render_submission
from chancery.domain.billing.documents import render_invoice
from chancery.domain.enrollment.documents import render_confirmation
from chancery.foundation.documents.models import Document

RENDERERS: dict[str, Callable[..., bytes]] = {
    "admissions/submission": render_submission,
    "billing/invoice": render_invoice,
    "enrollment/confirmation": render_confirmation,
}


def render_document(document: Document) -> bytes:
    """Return the PDF of a document from its frozen facts; the same facts give the same bytes.

    :raises KeyError: when no room renders this kind.
    """
    render = RENDERERS[document.kind]
    return render(document.facts, language=document.language, issued_at=document.requested_at)
