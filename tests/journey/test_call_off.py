"""An edition is called off: who applied or waits is told and may apply again, and nobody comes in any more (C5)."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.applying import actor_of, fill, send, start_draft
from tests.factories.money import billed_place
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_choose import next_of
from tests.killing import KillAt, Killed

from chancery.domain.admissions.models import Application, DecisionStanding
from chancery.domain.admissions.services.applying import ApplicationsClosed
from chancery.domain.admissions.services.deciding import draft_decision
from chancery.domain.admissions.services.filling import ApplicationNotOpen
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.domain.enrollment.models import Place, SeatCounter, WaitingEntry
from chancery.domain.enrollment.services.places import NoSeatLeft, reserve_place
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import MailContent, OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.journey import apply, call_off, cancel, choose, offer
from chancery.journey.admit import TooFewSeats, release_decisions

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)
NOTE = "The hall has burnt down."
KIND = "admissions/edition_not_held"
UNDER_WAY = [
    ApplicationState.SUBMITTED,
    ApplicationState.INCOMPLETE,
    ApplicationState.IN_ASSESSMENT,
    ApplicationState.IN_DIALOGUE,
    ApplicationState.DECIDED,
    ApplicationState.WAITING,
]


@pytest.fixture
def lead() -> Actor:
    return user_actor(make_officer(Role.EDITION_LEAD).pk)


@pytest.fixture
def edition() -> Edition:
    return make_edition()


def call_it_off(edition: Edition, lead: Actor) -> int:
    return call_off.end_applications(edition_id=edition.pk, note=NOTE, actor=lead, now=NOW)


def state_of(application: Application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=application.pk)


@pytest.mark.parametrize("state", UNDER_WAY)
def test_an_application_under_way_ends_and_its_person_is_told_once(
    edition: Edition, lead: Actor, state: ApplicationState
) -> None:
    application = make_application(edition=edition, state=state)

    assert (call_it_off(edition, lead), call_it_off(edition, lead)) == (1, 0)

    assert state_of(application) == ApplicationState.NOT_HELD
    told = MailContent.objects.get(mail__kind=KIND)
    assert (told.to, NOTE in told.text) == (application.person.email, True)
    assert "You can apply for the next edition" not in told.text


@pytest.mark.parametrize(
    "state", [ApplicationState.DECLINED, ApplicationState.WITHDRAWN, ApplicationState.NEXT_EDITION]
)
def test_what_has_ended_stays_as_it_ended(edition: Edition, lead: Actor, state: ApplicationState) -> None:
    application = make_application(edition=edition, state=state)

    assert call_it_off(edition, lead) == 0
    assert state_of(application) == state


def test_a_draft_expires_and_is_told_too(edition: Edition, lead: Actor) -> None:
    draft = fill(start_draft(edition=edition))

    call_it_off(edition, lead)

    assert state_of(draft) == ApplicationState.EXPIRED
    assert OutgoingMail.objects.filter(kind=KIND).count() == 1
    with pytest.raises(ApplicationNotOpen):
        send(draft)


def test_nothing_is_owed_any_more_and_no_decision_waits(edition: Edition, lead: Actor) -> None:
    sent = send(fill(start_draft(edition=edition)))
    decided = make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT)
    draft_decision(application_id=decided.pk, outcome=Outcome.ADMIT, reason="", actor=lead, now=NOW)

    call_it_off(edition, lead)

    assert not Obligation.objects.filter(subject_id=str(sent.pk), met_at=None, dropped_at=None).exists()
    assert not DecisionStanding.objects.filter(dropped_at=None, released_at=None).exists()


def test_an_offer_ends_and_its_seat_is_offered_to_nobody(edition: Edition, lead: Actor) -> None:
    Edition.objects.filter(pk=edition.pk).update(capacity=1)
    first, second = (make_application(edition=edition, state=ApplicationState.WAITING) for _ in range(2))
    for each in (first, second):
        join_waiting_list(application=each, actor=SYSTEM, now=NOW)
    offer.offer_free_seats(edition_id=edition.pk, actor=lead, now=NOW)

    call_it_off(edition, lead)

    assert {state_of(first), state_of(second)} == {ApplicationState.NOT_HELD}
    assert not WaitingEntry.objects.filter(left_at=None).exists()
    counter = SeatCounter.objects.get(edition=edition)
    assert (counter.taken, counter.held) == (0, 0)
    assert OutgoingMail.objects.filter(kind="enrollment/seat_offered").count() == 1
    with pytest.raises(offer.OfferOver):
        offer.accept_offer(application_id=first.pk, actor=lead, now=NOW)


def test_a_place_that_becomes_free_while_people_choose_is_offered_to_nobody(edition: Edition, lead: Actor) -> None:
    place, _ = billed_place(edition)
    waits = make_application(edition=edition, state=ApplicationState.WAITING)
    join_waiting_list(application=waits, actor=SYSTEM, now=NOW)
    choose.ask_everybody(
        edition_id=edition.pk,
        target_id=next_of(edition).pk,
        answer_by=date(2024, 11, 4),
        note=NOTE,
        actor=lead,
        now=NOW,
    )
    heard = hear(place, facts_of(place), at=NOW)
    cancel.accept_notice(notice_id=heard.pk, actor=lead, now=NOW)

    assert state_of(waits) == ApplicationState.NOT_HELD
    assert not OutgoingMail.objects.filter(kind="enrollment/seat_offered").exists()


def test_nobody_comes_in_any_more(edition: Edition, lead: Actor) -> None:
    call_it_off(edition, lead)
    late = make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT)
    decision = draft_decision(application_id=late.pk, outcome=Outcome.ADMIT, reason="", actor=lead, now=NOW)

    with pytest.raises(ApplicationsClosed) as closed:
        start_draft(edition=Edition.objects.get(pk=edition.pk))
    with pytest.raises(TooFewSeats):
        release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW)
    with pytest.raises(NoSeatLeft):
        reserve_place(application=late, now=NOW, actor=lead)

    assert closed.value.ruling.reasons == ("edition_not_held",)
    assert not Place.objects.exists()


def test_it_is_noted_once_who_called_it_off_and_why(edition: Edition, lead: Actor) -> None:
    call_it_off(edition, lead)
    call_it_off(edition, lead)

    event = AuditEvent.objects.get(name="programme.edition.called_off")
    assert (event.facts["note"], event.actor) == (NOTE, lead.reference)
    assert Edition.objects.get(pk=edition.pk).called_off_at == NOW


def test_calling_off_ends_the_places_too(edition: Edition, lead: Actor) -> None:
    billed_place(edition)
    waits = make_application(edition=edition, state=ApplicationState.WAITING)
    join_waiting_list(application=waits, actor=SYSTEM, now=NOW)

    assert cancel.call_edition_off(edition_id=edition.pk, note=NOTE, actor=lead, now=NOW) == 1

    assert state_of(waits) == ApplicationState.NOT_HELD


@pytest.mark.parametrize("at", range(1, 40, 4))
def test_killed_at_any_word_and_run_again_it_ends_the_same(edition: Edition, lead: Actor, at: int) -> None:
    for state in (ApplicationState.SUBMITTED, ApplicationState.WAITING):
        application = make_application(edition=edition, state=state)
        if state is ApplicationState.WAITING:
            join_waiting_list(application=application, actor=SYSTEM, now=NOW)

    with suppress(Killed), connection.execute_wrapper(KillAt(at)):
        call_it_off(edition, lead)
    call_it_off(edition, lead)

    assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.NOT_HELD}
    assert OutgoingMail.objects.filter(kind=KIND).count() == 2
    assert AuditEvent.objects.filter(name="admissions.application.ended").count() == 2


class TestAgain:
    @pytest.fixture
    def target(self, edition: Edition) -> Edition:
        return next_of(edition)

    def test_the_mail_names_the_next_edition(self, edition: Edition, target: Edition, lead: Actor) -> None:
        make_application(edition=edition, state=ApplicationState.SUBMITTED)

        call_it_off(edition, lead)

        assert "You can apply for the next edition" in MailContent.objects.get(mail__kind=KIND).text

    def test_what_was_answered_is_a_draft_in_the_next_edition(
        self, edition: Edition, target: Edition, lead: Actor
    ) -> None:
        sent = send(fill(start_draft(edition=edition)))
        call_it_off(edition, lead)
        sent.refresh_from_db()

        again = apply.start_again(application=sent, actor=actor_of(sent), now=NOW)
        twice = apply.start_again(application=sent, actor=actor_of(sent), now=NOW)

        assert (again.pk, again.edition, again.state) == (twice.pk, target, ApplicationState.DRAFT)
        said = dict(again.answers.values_list("key", "value"))
        assert (said["motivation"], said["billing_address.town"]) == ("To learn from others.", "Mumbai")
        assert "consent_data" not in said
        assert (again.authority, again.payer.legal_name) == (sent.authority, "Mumbai City Council")
        assert again.submitted_at is None
        assert not again.parts.filter(done=True).exists()

    def test_only_an_edition_that_was_called_off_lets_its_answers_go(self, edition: Edition, target: Edition) -> None:
        sent = send(fill(start_draft(edition=edition)))

        with pytest.raises(ApplicationsClosed) as no:
            apply.start_again(application=sent, actor=actor_of(sent), now=NOW)

        assert no.value.ruling.reasons == ("no_later_edition",)

    def test_the_call_of_the_next_edition_has_to_be_open(self, edition: Edition, target: Edition, lead: Actor) -> None:
        sent = send(fill(start_draft(edition=edition)))
        call_it_off(edition, lead)
        sent.refresh_from_db()
        Edition.objects.filter(pk=target.pk).update(opens_at=datetime(2025, 1, 1, tzinfo=UTC))

        with pytest.raises(ApplicationsClosed):
            apply.start_again(application=sent, actor=actor_of(sent), now=NOW)

        assert not Application.objects.filter(edition=target).exists()
