"""The mail that confirms that an application was taken back."""

from datetime import datetime

from chancery.domain.admissions.models import Application
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def withdrawn_mail(application: Application, *, withdrawn_at: datetime, thread: MailThread) -> Mail:
    """Return the confirmation that nothing more will happen with the application."""
    return edition_mail(
        application.edition,
        "admissions/withdrawn",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/withdrawn:{application.pk}",
        thread=thread,
        context={
            "application": application,
            "edition": application.edition,
            "withdrawn_at": withdrawn_at,
            "link": link("see-application", application.reference),
        },
    )
