"""The mail that the dates of the edition are confirmed or have moved."""

from datetime import datetime

from chancery.domain.enrollment.models import Place
from chancery.domain.programme.mails import edition_mail
from chancery.domain.programme.models import DateChange
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def dates_settled_mail(
    place: Place, change: DateChange, *, free_exit_until: datetime | None, thread: MailThread
) -> Mail:
    """Return the mail with the new days, each deadline that moves, and until when one may leave with all back.

    ``free_exit_until`` is None where the days stayed the same and were only confirmed.
    """
    return edition_mail(
        place.edition,
        "enrollment/dates_settled",
        about=ref(place),
        to=place.person.email,
        language=place.person.language,
        dedupe_key=f"enrollment/dates_settled:{change.pk}:{place.pk}",
        thread=thread,
        context={
            "place": place,
            "edition": place.edition,
            "change": change,
            "moved": change.starts_before != change.starts_on or change.ends_before != change.ends_on,
            "free_exit_until": free_exit_until,
            "reference": place.application.reference,
            "link": link("see-dates", place.application.reference) if free_exit_until else link("my-files"),
        },
    )
