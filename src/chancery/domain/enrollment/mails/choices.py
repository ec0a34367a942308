"""The mails to whoever holds a place of an edition that is not held: choose, choose soon, and moved."""

from chancery.domain.enrollment.models import EditionChoice
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail

CHOICE_DUE = "enrollment/choice_due"


def choice_asked_mail(choice: EditionChoice, *, thread: MailThread) -> Mail:
    """Return the mail that says why the edition is not held, and asks: the next one, or the money back."""
    return _mail(
        "enrollment/edition_choice", choice, thread, link("choose-edition", choice.place.application.reference)
    )


def choice_due_mail(choice: EditionChoice, *, thread: MailThread) -> Mail:
    """Return the mail to somebody who has not chosen yet, while there is still time."""
    return _mail(CHOICE_DUE, choice, thread, link("choose-edition", choice.place.application.reference))


def place_moved_mail(choice: EditionChoice, *, thread: MailThread) -> Mail:
    """Return the mail that the place is one of the next edition now, with its price and its money."""
    return _mail("enrollment/place_moved", choice, thread, link("my-files"))


def _mail(kind: str, choice: EditionChoice, thread: MailThread, address: str) -> Mail:
    place = choice.place
    return edition_mail(
        place.edition,
        kind,
        about=ref(place),
        to=place.person.email,
        language=place.person.language,
        dedupe_key=f"{kind}:{choice.pk}",
        thread=thread,
        context={
            "choice": choice,
            "edition": place.edition,
            "target": choice.target,
            "course": place.edition.programme.name,
            "reference": place.application.reference,
            "successor": choice.successor,
            "link": address,
        },
    )
