"""The mails about a seat that became free: offered until an instant, passed on, or lapsed in silence."""

from enum import StrEnum

from chancery.domain.enrollment.models import WaitingEntry
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


class OfferAnswer(StrEnum):
    """What somebody on the waiting list is told: kinds of mail."""

    OFFERED = "enrollment/seat_offered"
    PASSED = "enrollment/offer_passed"
    LAPSED = "enrollment/offer_lapsed"


def offer_mail(entry: WaitingEntry, answer: OfferAnswer, *, thread: MailThread) -> Mail:
    """Return the mail of one step of an offer; prolonged, it is told again: the key holds the end."""
    application = entry.application
    until = entry.offered_until.isoformat() if entry.offered_until else ""
    return edition_mail(
        application.edition,
        answer,
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"{answer}:{application.pk}:{until}"[:120],
        thread=thread,
        context={
            "edition": application.edition,
            "course": application.edition.programme.name,
            "reference": application.reference,
            "until": entry.offered_until,
            "link": link("answer-offer", application.reference),
        },
    )
