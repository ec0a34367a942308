"""The history of the office is read in words."""

import pytest
from tests.factories.accounts import NOW, make_officer, make_user

from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.services import person_for
from chancery.foundation.audit.actors import SYSTEM, on_wish_of
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.queries import list_events
from chancery.foundation.audit.services import record
from chancery.interfaces.office.events_shown import WORDS, shown_events


def test_each_event_has_words() -> None:
    assert set(WORDS) == set(Event)


@pytest.mark.django_db
def test_what_the_system_does_as_somebody_had_decided_names_both() -> None:
    officer = make_officer(Role.EDITION_LEAD)
    for actor in (on_wish_of(officer.pk), SYSTEM):
        record(Event.PLACE_MOVED, actor=actor, subject=officer, now=NOW)

    shown = [event.by for event in shown_events(list_events(), frozenset({Role.EDITION_LEAD}))][:2]

    assert shown == ["Chancery itself", f"Chancery itself, as {officer.email} had decided"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "seen"), [(Role.ADMISSIONS, True), (Role.DELIVERY, False), (Role.SECOND_PERSON, False)]
)
def test_addresses_of_participants_are_for_who_may_see_applications(role: Role, seen: bool) -> None:
    applicant, officer = make_user("secret.applicant@city.example"), make_officer(Role.FINANCE)
    person_for(user=applicant, now=NOW)
    person_for(user=officer, now=NOW)

    shown = {event.by for event in shown_events(list_events(), frozenset({role}))}

    assert {applicant.email if seen else "a participant", officer.email} <= shown
    assert (applicant.email in shown) is seen
