"""Applications in any number, inserted fast: rows as the desk finds them, spread over states, cities and due days.

Written in bulk and past the journey, so they carry no answers, mails or audit events: enough for lists and searches.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.names import search_text
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import current_terms
from chancery.foundation.accounts.models import Person

CHUNK = 2000
FIRST_NAMES = ("Ada", "Bruno", "Chiara", "Dragan", "Élodie", "Farid", "Greta", "Hiro", "Iryna", "João", "Kofi", "Lucía")
LAST_NAMES = ("Brisa", "Cierzo", "Lodos", "Maïs", "Nordès", "Ostro", "Puelche", "Shamal", "Terral", "Vardar", "Xaloc")
# Of a hundred applications of a busy call, so many stand in each state.
STATES = (
    *([ApplicationState.DRAFT] * 15),
    *([ApplicationState.SUBMITTED] * 15),
    *([ApplicationState.IN_ASSESSMENT] * 10),
    *([ApplicationState.IN_DIALOGUE] * 10),
    *([ApplicationState.DECIDED] * 5),
    *([ApplicationState.ADMITTED] * 5),
    *([ApplicationState.WAITING] * 5),
    *([ApplicationState.DECLINED] * 30),
    *([ApplicationState.WITHDRAWN] * 5),
)
OURS = {ApplicationState.SUBMITTED, ApplicationState.IN_ASSESSMENT, ApplicationState.DECIDED}
THEIRS = {ApplicationState.IN_DIALOGUE}
DUE_SPREAD = 40  # days around now


def add_applications(edition: Edition, *, number: int, start: int, now: datetime) -> None:
    """Add ``number`` applications, the first one numbered ``start``; the same numbers give the same rows."""
    authorities = list(LocalAuthority.objects.select_related("city__country").order_by("id"))
    terms = current_terms(edition)
    for numbers in batched(range(start, start + number), CHUNK):
        with transaction.atomic():
            people = Person.objects.bulk_create(_people(numbers))
            rows = zip(numbers, people, strict=True)
            Application.objects.bulk_create(
                _application(each, person, authorities[each * 7 % len(authorities)], edition, terms.pk, now)
                for each, person in rows
            )


def _people(numbers: tuple[int, ...]) -> Iterator[Person]:
    for each in numbers:
        first, last = FIRST_NAMES[each % len(FIRST_NAMES)], LAST_NAMES[each // 3 % len(LAST_NAMES)]
        yield Person(name=f"{first} {last}", email=f"applicant{each}@city{each % 977}.example")


def _application(
    number: int, person: Person, authority: LocalAuthority, edition: Edition, terms: int, now: datetime
) -> Application:
    state = STATES[number * 37 % len(STATES)]
    sent = state != ApplicationState.DRAFT
    begun = now - timedelta(days=60, minutes=number % 50_000)
    moving = state in OURS | THEIRS
    reference = f"{edition.reference_prefix}-B{number:06}"
    return Application(
        reference=reference,
        edition=edition,
        person=person,
        authority=authority,
        terms_id=terms if sent else None,
        state=state,
        started_at=begun,
        saved_at=begun,
        submitted_at=begun + timedelta(days=2) if sent else None,
        turn_due_at=now + timedelta(days=number * 13 % DUE_SPREAD - DUE_SPREAD // 2, minutes=number % 600)
        if moving
        else None,
        turn_ours=state in OURS,
        search_text=search_text(
            reference, person.name, person.email, authority.name, authority.city.name, authority.city.country.name
        )
        if sent
        else "",
    )
