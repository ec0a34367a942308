"""An edition opened for a page: its row, its file, its terms, and the texts with their figures filled in."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest

from chancery.domain.admissions.queries.form import call_ruling
from chancery.domain.programme.documents.prose import fill, values_for
from chancery.domain.programme.models import Edition, EditionRevision, Terms
from chancery.domain.programme.policies import (
    NOT_OPEN_YET,
    TermsRule,
    is_refundable,
    last_refundable_instant,
)
from chancery.domain.programme.queries import current_rule, get_content, get_edition
from chancery.domain.programme.readers import EditionFile
from chancery.foundation import clock
from chancery.interfaces.public.frame import application_href, frame

TEXTS = (
    "tagline",
    "welcome",
    "introduction",
    "objective",
    "approach",
    "content",
    "audience",
    "stages",
    "evaluation",
    "experts",
    "application",
    "fees",
    "cancellation",
    "hotels",
    "demo_note",
)


@dataclass(frozen=True, slots=True)
class OpenedEdition:
    """What views of an edition start from."""

    edition: Edition
    file: EditionFile
    terms: TermsRule
    values: dict[str, str]
    now: datetime
    context: dict[str, object]


def opened(request: HttpRequest, language: str, slug: str) -> OpenedEdition:
    """Open an edition for a page in a language.

    :raises Http404: when there is no such edition, or no file was loaded for it.
    """
    try:
        edition = get_edition(slug)
        file, terms = get_content(edition), current_rule(edition)
    except (Edition.DoesNotExist, EditionRevision.DoesNotExist, Terms.DoesNotExist) as error:
        raise Http404 from error
    now, values = clock.now(), values_for(edition, file, terms)
    context = frame(request, language, edition) | {
        "language": language,
        "file": file,
        "text": {name: fill(file.text(name, language), values) for name in TEXTS},
        "dates": _dates(edition, terms, now),
        "apply_href": application_href(edition, language),
    }
    return OpenedEdition(edition, file, terms, values, now, context)


def _dates(edition: Edition, terms: TermsRule, now: datetime) -> dict[str, object]:
    window = call_ruling(edition, now)
    zone = ZoneInfo(edition.time_zone)
    return {
        "is_open": window.allowed,
        "is_over": not window.allowed and NOT_OPEN_YET not in window.reasons,
        "why_closed": window.reasons[0] if window.reasons else "",
        "last_refundable": last_refundable_instant(edition.starts_on, terms, zone),
        "is_refundable": is_refundable(now, edition.starts_on, terms, zone),
    }
