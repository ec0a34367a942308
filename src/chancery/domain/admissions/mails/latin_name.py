"""The mail that asks how a name is written in Latin letters."""

from datetime import date

from chancery.domain.admissions.models import Application
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail

LATIN_NAME = "admissions/latin_name"


def latin_name_mail(application: Application, *, asked_on: date, thread: MailThread) -> Mail:
    """Return the mail; asked twice on one day it is the same mail."""
    return edition_mail(
        application.edition,
        LATIN_NAME,
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"{LATIN_NAME}:{application.pk}:{asked_on.isoformat()}",
        thread=thread,
        context={
            "application": application,
            "name": application.person.name,
            "link": link("give-latin-name", application.reference),
        },
    )
