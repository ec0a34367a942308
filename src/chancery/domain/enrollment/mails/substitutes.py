"""The mails about a colleague who takes a place over: asked, taken over, refused."""

from chancery.domain.enrollment.models import Place, Substitution
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail


def substitute_asked_mail(wish: Substitution, *, thread: MailThread) -> Mail:
    """Return the mail that asks a colleague to take the place over, in the language of whoever named them."""
    return edition_mail(
        wish.place.edition,
        "enrollment/substitute_asked",
        about=ref(wish),
        to=wish.email,
        language=wish.place.person.language,
        dedupe_key=f"enrollment/substitute_asked:{wish.pk}",
        thread=thread,
        context={**_words(wish.place), "link": link("answer-substitution", str(wish.pk))},
    )


def place_taken_over_mail(wish: Substitution, *, thread: MailThread) -> Mail:
    """Return the mail to whoever gave the place away: a colleague has it now."""
    return edition_mail(
        wish.place.edition,
        "enrollment/place_taken_over",
        about=ref(wish.place),
        to=wish.place.person.email,
        language=wish.place.person.language,
        dedupe_key=f"enrollment/place_taken_over:{wish.pk}",
        thread=thread,
        context={**_words(wish.place), "colleague": wish.name, "link": link("my-files")},
    )


def substitute_refused_mail(wish: Substitution, *, thread: MailThread) -> Mail:
    """Return the mail to the participant that the colleague cannot take the place over, and why: it stays theirs."""
    return edition_mail(
        wish.place.edition,
        "enrollment/substitute_refused",
        about=ref(wish.place),
        to=wish.place.person.email,
        language=wish.place.person.language,
        dedupe_key=f"enrollment/substitute_refused:{wish.pk}",
        thread=thread,
        context={
            **_words(wish.place),
            "colleague": wish.name,
            "because": wish.because,
            "link": link("substitute", wish.place.application.reference),
        },
    )


def _words(place: Place) -> dict[str, object]:
    person: Person = place.person
    return {
        "edition": place.edition,
        "course": place.edition.programme.name,
        "reference": place.application.reference,
        "participant": person.name,
        "authority": place.application.authority.name if place.application.authority else "",
    }
