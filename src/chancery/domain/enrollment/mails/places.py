"""The mails about a place: it is reserved, nothing is to pay, it is guaranteed."""

from datetime import date, datetime

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.enrollment.models import Place
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import is_by
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail
from chancery.foundation.mail.threads import reply_address


def place_reserved_mail(place: Place, *, now: datetime) -> Mail:
    """Return the place-reservation mail (promises B1, C1, C2, C3).

    It opens the only thread in which leaving is possible: the four facts stand in it ready to copy, beside the last
    refundable instant under the frozen terms.
    """
    terms = frozen_rule(place.application)
    return edition_mail(
        place.edition,
        "enrollment/place_reserved",
        about=ref(place),
        to=place.person.email,
        language=place.person.language,
        dedupe_key=f"enrollment/place_reserved:{place.pk}:{place.reserved_on}",
        thread=place.thread,
        context=_words(place)
        | {
            "terms": terms,
            "reply_to": reply_address(place.thread.token),
            "refund_open": is_by(now, place.refundable_until),
        },
    )


def nothing_to_pay_mail(place: Place, *, fiscal_year: str, document_id: int, thread: MailThread) -> Mail:
    """Return the mail of a waived place: why nothing is due, no invoice will come, the place is guaranteed.

    ``fiscal_year`` is the one whose income class decided; blank where another reason made the fee zero.
    ``document_id`` is the confirmation that stands where an invoice would.
    """
    return edition_mail(
        place.edition,
        "enrollment/nothing_to_pay",
        about=ref(place),
        to=place.person.email,
        language=place.person.language,
        dedupe_key=f"enrollment/nothing_to_pay:{place.pk}",
        thread=thread,
        context=_words(place) | {"fiscal_year": fiscal_year},
        document_ids=(document_id,),
    )


def place_guaranteed_mail(place: Place, *, received_on: date | None, thread: MailThread, now: datetime) -> Mail:
    """Return the mail that the place is sure; ``received_on`` is the value date of the money that completed it.

    Guaranteed again after money was lost, it leaves again: the key holds the instant.
    """
    instant = place.guaranteed_at.isoformat() if place.guaranteed_at else ""
    return edition_mail(
        place.edition,
        "enrollment/place_guaranteed",
        about=ref(place),
        to=place.person.email,
        language=place.person.language,
        dedupe_key=f"enrollment/place_guaranteed:{place.pk}:{instant}",
        thread=thread,
        context=_words(place)
        | {
            "received_on": received_on,
            "terms": frozen_rule(place.application),
            "refund_open": is_by(now, place.refundable_until),
        },
    )


def place_released_mail(place: Place, *, due_on: date, thread: MailThread) -> Mail:
    """Return the mail that an unpaid place was released after its due day."""
    return edition_mail(
        place.edition,
        "enrollment/place_released",
        about=ref(place),
        to=place.person.email,
        language=place.person.language,
        dedupe_key=f"enrollment/place_released:{place.pk}:{due_on}",
        thread=thread,
        context=_words(place) | {"due_on": due_on},
    )


def _words(place: Place) -> dict[str, object]:
    edition = place.edition
    return {
        "place": place,
        "reference": place.application.reference,
        "edition": edition,
        "course": edition.programme.name,
        "person": place.person,
        "link": link("my-files"),
    }
