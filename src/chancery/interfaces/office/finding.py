"""Find what an address names; what is not there, or not for the office to see, answers 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from chancery.domain.admissions.models import Application
from chancery.domain.programme.models import Edition
from chancery.interfaces.office.access import OfficeRequest


def edition_of(request: OfficeRequest, slug: str) -> Edition:
    """Return the edition of a page, and name it on the request for the frame.

    :raises Http404: when there is none of that name.
    """
    edition = get_object_or_404(Edition.objects.select_related("programme"), slug=slug)
    request.edition = edition  # type: ignore[attr-defined]  # read by the frame
    return edition


def application_of(edition: Edition, reference: str) -> Application:
    """Return a sent application of an edition; a draft is nobody's but the applicant's.

    :raises Http404: when there is none, or it was not sent.
    """
    rows = Application.objects.select_related("person", "authority__city__country", "group", "terms", "edition")
    application = get_object_or_404(rows, edition=edition, reference=reference)
    if application.submitted_at is None:
        raise Http404
    return application
