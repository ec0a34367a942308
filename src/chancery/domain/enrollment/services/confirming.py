"""Ask for the paper that confirms a place with nothing to pay."""

from datetime import datetime

from django.db import transaction

from chancery.domain.billing.models import Quote
from chancery.domain.enrollment.documents.free_place import confirmation_of
from chancery.domain.enrollment.models import Place
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.facts import freeze
from chancery.foundation.documents.models import Document
from chancery.foundation.documents.services import request_document

DOCUMENT_KIND = "enrollment/confirmation"


@transaction.atomic
def confirm_free_place(*, place: Place, quote: Quote, now: datetime) -> Document:
    """Freeze what the confirmation of a guaranteed place says, for the worker to make; asked twice, it is the same.

    :raises ValueError: when the place is not guaranteed, or its quote is more than zero.
    """
    return request_document(
        DOCUMENT_KIND,
        about=ref(place),
        language=place.person.language,
        filename=f"{place.application.reference}-confirmation.pdf",
        facts=freeze(confirmation_of(place, quote)),
        now=now,
    )
