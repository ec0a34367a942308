"""The note to whoever wrote about a place from another address than the participant's."""

from chancery.domain.enrollment.models import Place
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import IncomingMail
from chancery.foundation.mail.services import Mail

NOTE_TO_WRITER = "enrollment/notice_heard"


def writer_mail(place: Place, heard: IncomingMail, *, to: str) -> Mail:
    """Return the note that a message arrived; it names no person, place or sum, and stands in no thread.

    Its language is the participant's, since nobody knows the writer's.
    """
    return edition_mail(
        place.edition,
        NOTE_TO_WRITER,
        about=ref(place),
        to=to,
        language=place.person.language,
        dedupe_key=f"{NOTE_TO_WRITER}:{heard.pk}",
        context={},
    )
