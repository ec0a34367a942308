"""The mail that carries what the office writes to an applicant."""

from chancery.domain.admissions.models import DialogueEntry
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def question_mail(entry: DialogueEntry, thread: MailThread) -> Mail:
    """Return the mail with the question; a reply to it lands in the dialogue."""
    application = entry.application
    return edition_mail(
        application.edition,
        "admissions/question",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/question:{entry.pk}",
        thread=thread,
        context={
            "application": application,
            "text": entry.words.text,
            "wished_by": entry.wished_by,
            "link": link("my-files"),
        },
    )
