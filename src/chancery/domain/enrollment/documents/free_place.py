"""What the confirmation of a place with nothing to pay says, in the participant's language, before it is frozen."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import override

from chancery.domain.billing.models import Quote
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.billing.queries.quotes import network_of
from chancery.domain.billing.words import line_words, why_words
from chancery.domain.enrollment.documents.confirmation import ConfirmationDocument, ConfirmedFeeLine
from chancery.domain.enrollment.models import Place
from chancery.domain.programme.policies import terms_from_json
from chancery.foundation.documents.spelling import address_lines


def confirmation_of(place: Place, quote: Quote) -> ConfirmationDocument:
    """Return the facts of the confirmation of a guaranteed place whose quote is zero.

    :raises ValueError: when the place is not guaranteed, or its quote is more than zero.
    """
    if place.guaranteed_at is None:
        raise ValueError(f"{place.application.reference}: only a guaranteed place is confirmed")
    edition, person, authority = place.edition, place.person, place.application.authority
    facts = billing_facts(edition)
    with override(person.language):
        lines = _lines(quote)
    return ConfirmationDocument(
        reference=place.application.reference,
        organiser=facts.issuer.legal_name or facts.organiser,
        organiser_address=address_lines(facts.issuer.address),
        contact=facts.issuer.contact or settings.REPLY_ADDRESS,
        course=facts.course,
        course_from=edition.starts_on,
        course_until=edition.ends_on,
        course_place=edition.place,
        dates_provisional=edition.provisional,
        participant=person.name,
        participant_latin=person.latin_name,
        authority=authority.name if authority else "",
        guaranteed_at=place.guaranteed_at.astimezone(ZoneInfo(edition.time_zone)),
        clock_place=edition.place,
        currency=quote.currency,
        lines=lines,
        demo_amounts=terms_from_json(quote.terms.rule).demo,
    )


def _lines(quote: Quote) -> tuple[ConfirmedFeeLine, ...]:
    """Return each line with the fact it rests on; why an officer set a fee is not for a paper."""
    network, terms, size = network_of(quote), terms_from_json(quote.terms.rule), quote.facts["group_size"]
    return tuple(
        ConfirmedFeeLine(
            label=": ".join(
                filter(None, (line_words(line.reason), why_words(line.reason, network, group_size=size, terms=terms)))
            ),
            amount_minor=line.amount_minor,
        )
        for line in quote.lines.order_by("position")
    )
