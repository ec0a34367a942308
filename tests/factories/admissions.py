"""Applications for tests."""

from datetime import UTC, datetime
from itertools import count

from tests.factories.accounts import make_person
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.network.models import City, Country, LocalAuthority
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import current_terms
from chancery.foundation.accounts.models import Person, User

SENT_AT = datetime(2024, 10, 8, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_authority(
    city: str = "Mumbai", country: str = "India", iso3: str = "IND", region: str = "Asia"
) -> LocalAuthority:
    """Return a city council, its city and country made on first use."""
    nation, _ = Country.objects.get_or_create(iso3=iso3, defaults={"name": country, "region": region})
    place, _ = City.objects.get_or_create(name=city, country=nation)
    authority, _ = LocalAuthority.objects.get_or_create(name=f"{city} City Council", city=place)
    return authority


def _next_reference(edition: Edition) -> str:
    """Return the next free reference: real steps number applications of the same edition too."""
    given = Application.objects.filter(reference__startswith=f"{edition.reference_prefix}-").values_list("reference")
    numbers = [int(reference.rpartition("-")[2]) for (reference,) in given]
    return f"{edition.reference_prefix}-{max(numbers, default=0) + 1:04}"


def make_application(
    *,
    edition: Edition | None = None,
    person: Person | None = None,
    state: ApplicationState = ApplicationState.SUBMITTED,
    authority: LocalAuthority | None = None,
) -> Application:
    """Return a saved application, sent with the terms in force unless it is a draft."""
    edition = edition or make_edition()
    sent = state != ApplicationState.DRAFT
    number = next(_numbers)
    return Application.objects.create(
        reference=_next_reference(edition),
        edition=edition,
        person=person or make_person(f"Person {number}"),
        authority=authority or make_authority(),
        terms=current_terms(edition) if sent else None,
        state=state,
        started_at=SENT_AT,
        saved_at=SENT_AT,
        submitted_at=SENT_AT if sent else None,
        turn_ours=sent,
        search_text=f"person {number} mumbai",
    )


def ask_to_assess(application: Application, *assessors: User) -> None:
    """Assign assessors as rows."""
    for assessor in assessors:
        Assessment.objects.create(application=application, assessor=assessor, assigned_at=SENT_AT)
