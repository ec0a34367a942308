"""A small world of real rows, so that a 404 means "closed to you" and never "there is no such row"."""

from dataclasses import dataclass
from typing import Any

from tests.factories.accounts import make_officer, make_person
from tests.factories.admissions import make_application, make_authority
from tests.factories.billing import make_entry, make_invoice
from tests.factories.enrollment import make_place
from tests.factories.programme import make_edition

from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role


@dataclass(frozen=True)
class World:
    """One applicant with place and invoice, one of another city, and an officer a role."""

    owner: User
    stranger: User
    officers: dict[Role, User]
    values: dict[str, Any]


def make_world() -> World:
    """Make the rows; ``values`` names one of them for each parameter that any route has."""
    edition = make_edition(slug="metropolis-2024")
    owner, stranger = make_person("Asha Elephanta"), make_person("Rosa Paracas")
    place = make_application(edition=edition, person=owner, state=ApplicationState.ADMITTED)
    lima = make_authority("Lima", "Peru", "PER", "Latin America")
    make_application(edition=edition, person=stranger, authority=lima)
    invoice, entry = make_invoice(place), make_entry()
    make_place(place, invoice=invoice)
    officers = {role: make_officer(role, email=f"{role.name.lower()}@office.example") for role in Role}
    values = {
        "language": "en",
        "edition": edition.slug,
        "slug": edition.slug,
        "edition_slug": edition.slug,
        "ref": place.reference,
        "reference": place.reference,
        "user_id": officers[Role.FINANCE].pk,
        "token": "not-a-secret-of-ours",
        "number": invoice.number,
        "entry_id": entry.pk,
        "file_id": entry.file_id,
        "place_id": place.place.pk,
    }
    assert owner.user
    assert stranger.user
    return World(owner.user, stranger.user, officers, values)
