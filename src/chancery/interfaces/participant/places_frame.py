"""What the pages of a place share: the frame around them, and who pays as far as it is known."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.domain.billing.queries.payers import payer_of
from chancery.domain.enrollment.models import Place
from chancery.foundation.ui.frame import Link
from chancery.interfaces.participant.access import SignedInRequest
from chancery.interfaces.participant.page_frame import page_frame


def place_words(request: SignedInRequest, place: Place) -> dict[str, Any]:
    """Return the context that every page of a place starts from."""
    reference = place.application.reference
    return {
        **page_frame(request, place.edition),
        "place": place,
        "edition": place.edition,
        "reference": reference,
        "back": Link(_("Your place"), reverse("see-place", args=[reference])),
    }


def known_payer(place: Place) -> dict[str, Any]:
    """Return what a form about the payer starts from."""
    known = payer_of(place.application)
    if known is None:
        return {"email": place.person.email, "language": place.person.language, "kind": "public"}
    return {name: getattr(known, name) for name in known.__slots__}
