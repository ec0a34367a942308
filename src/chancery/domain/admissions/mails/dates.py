"""The mail to applicants that the dates of the edition are confirmed or have moved."""

from chancery.domain.admissions.models import Application
from chancery.domain.programme.mails import edition_mail
from chancery.domain.programme.models import DateChange
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def dates_told_mail(application: Application, change: DateChange, thread: MailThread) -> Mail:
    """Return the mail with the new days, for somebody who has applied and holds no place."""
    return edition_mail(
        application.edition,
        "admissions/dates_told",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/dates_told:{change.pk}:{application.pk}",
        thread=thread,
        context={
            "application": application,
            "change": change,
            "moved": (change.starts_before, change.ends_before) != (change.starts_on, change.ends_on),
            "link": link("my-files"),
        },
    )
