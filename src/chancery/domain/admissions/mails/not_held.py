"""The mail to whoever applied for an edition that is not held."""

from chancery.domain.admissions.models import Application
from chancery.domain.programme.mails import edition_mail
from chancery.domain.programme.models import Edition
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def edition_not_held_mail(application: Application, *, target: Edition | None, note: str, thread: MailThread) -> Mail:
    """Return the mail that the edition is not held and why, with the way into the next one where there is one."""
    return edition_mail(
        application.edition,
        "admissions/edition_not_held",
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/edition_not_held:{application.pk}",
        thread=thread,
        context={
            "course": application.edition.programme.name,
            "edition": application.edition,
            "link": link("see-application", application.reference),
            "note": note,
            "reference": application.reference,
            "target": target,
        },
    )
