"""The mail that confirms that an application has arrived (promise B1)."""

from datetime import date

from chancery.domain.admissions.models import Application
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def receipt_mail(application: Application, *, answer_due_on: date, document_id: int, thread: MailThread) -> Mail:
    """Return the receipt with the copy of what was sent; a reply lands in the dialogue."""
    return edition_mail(
        application.edition,
        "admissions/receipt",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/receipt:{application.pk}",
        thread=thread,
        document_ids=(document_id,),
        context={
            "application": application,
            "edition": application.edition,
            "answer_due_on": answer_due_on,
            "link": link("see-application", application.reference),
        },
    )
