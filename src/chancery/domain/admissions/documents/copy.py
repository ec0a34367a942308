"""What goes on the copy that an applicant keeps: the answers in words, in the applicant's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import override

from chancery.domain.admissions.documents.submission import SubmissionDocument, SubmittedAnswer, SubmittedPart
from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.form import FilledForm, show_answers
from chancery.domain.programme.readers.edition_file import EditionFile


def copy_for_applicant(
    application: Application,
    form: FilledForm,
    content: EditionFile,
    due_on: date,
    now: datetime,
    *,
    supplement: int = 0,
) -> SubmissionDocument:
    """Return the facts of the copy, frozen at the instant of sending.

    ``supplement`` numbers what was sent again after we had asked; then ``form`` holds what was asked for.
    """
    person, language = application.person, application.person.language
    with override(language):
        shown = show_answers(form, language)
    return SubmissionDocument(
        reference=application.reference,
        organiser=content.programme.organiser,
        course=content.programme.name,
        applicant=person.name,
        applicant_latin=person.latin_name,
        submitted_at=now.astimezone(ZoneInfo(application.edition.time_zone)),
        clock_place=application.edition.place,
        first_answer_by=due_on,
        contact=settings.REPLY_ADDRESS,
        parts=tuple(
            SubmittedPart(part.title, tuple(SubmittedAnswer(each.question, each.text) for each in part.answers))
            for part in shown
        ),
        supplement=supplement,
    )
