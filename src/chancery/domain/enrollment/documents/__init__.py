"""Papers of the enrollment room: the proof of a place."""

from chancery.domain.enrollment.documents.confirmation import (
    ConfirmationDocument,
    ConfirmedFeeLine,
    render_confirmation,
)

__all__ = ["ConfirmationDocument", "ConfirmedFeeLine", "render_confirmation"]
