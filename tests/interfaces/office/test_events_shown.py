"""The history of the office is read in words."""

import pytest
from django.db import transaction
from tests.factories.accounts import NOW, make_officer, make_user
from tests.factories.admissions import make_application
from tests.factories.billing import make_invoice

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


def told(subject, event: Event, role: Role, **facts: object) -> tuple[str, str]:
    with transaction.atomic():
        record(event, actor=SYSTEM, subject=subject, now=NOW, facts=facts)
    shown = shown_events(list_events(), frozenset({role}))[0]
    return shown.about, shown.said


@pytest.mark.django_db
def test_an_event_names_its_subject_and_its_sum_as_people_do() -> None:
    invoice = make_invoice(make_application())

    said = told(invoice, Event.INVOICE_ISSUED, Role.FINANCE, number=invoice.number, total_minor=150_000, currency="EUR")

    assert said == (invoice.number, "EUR\xa01,500.00")


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "named"), [(Role.ADMISSIONS, True), (Role.DELIVERY, False)])
def test_an_applicant_is_named_to_who_may_see_applications(role: Role, named: bool) -> None:
    application = make_application()

    about, said = told(application, Event.DECISION_DRAFTED, role, decision=1, outcome="admit", reason="")

    assert said == "Admit"
    assert about.startswith(application.reference)
    assert (application.person.name in about) is named


@pytest.mark.django_db
def test_a_sum_is_not_told_to_who_may_not_see_fees() -> None:
    invoice = make_invoice(make_application())

    assert told(invoice, Event.INVOICE_ISSUED, Role.DELIVERY, total_minor=150_000, currency="EUR")[1] == ""


@pytest.mark.django_db
def test_a_state_that_nobody_knows_any_more_says_nothing() -> None:
    assert told(make_application(), Event.DECISION_RELEASED, Role.ADMISSIONS, state="in the drawer")[1] == ""
