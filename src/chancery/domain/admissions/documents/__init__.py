"""Papers of the admissions room: what an applicant keeps of what was sent."""

from chancery.domain.admissions.documents.submission import (
    SubmissionDocument,
    SubmittedAnswer,
    SubmittedPart,
    render_submission,
)

__all__ = ["SubmissionDocument", "SubmittedAnswer", "SubmittedPart", "render_submission"]
