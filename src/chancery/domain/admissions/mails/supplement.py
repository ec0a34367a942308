"""The mails about what is missing: that we ask, that it has come, that it did not come."""

from datetime import date

from chancery.domain.admissions.models import Application, Supplement, SupplementRequest
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def missing_mail(request: SupplementRequest, *, questions: list[str], thread: MailThread) -> Mail:
    """Return the mail that says what is missing; ``questions`` are in the applicant's language."""
    application = request.application
    return edition_mail(
        application.edition,
        "admissions/missing",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/missing:{request.pk}",
        thread=thread,
        context={
            "application": application,
            "text": request.entry.words.text,
            "questions": questions,
            "wished_by": request.entry.wished_by,
            "link": link("see-application", application.reference),
        },
    )


def supplement_mail(supplement: Supplement, *, answer_due_on: date, document_id: int, thread: MailThread) -> Mail:
    """Return the receipt of what was sent again, with its copy."""
    application = supplement.application
    return edition_mail(
        application.edition,
        "admissions/supplement",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/supplement:{supplement.pk}",
        thread=thread,
        document_ids=(document_id,),
        context={
            "application": application,
            "edition": application.edition,
            "sent_at": supplement.sent_at,
            "answer_due_on": answer_due_on,
            "link": link("see-application", application.reference),
        },
    )


def expired_mail(application: Application, *, request: SupplementRequest, thread: MailThread) -> Mail:
    """Return the mail that the application has ended because what was missing did not come."""
    return edition_mail(
        application.edition,
        "admissions/expired",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/expired:{request.pk}",
        thread=thread,
        context={
            "application": application,
            "asked_by": request.entry.wished_by,
            "link": link("see-application", application.reference),
        },
    )
