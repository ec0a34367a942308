"""Drafting an answer, dropping it, and what the database refuses (promise A4)."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application

from chancery.domain.admissions.models import Decision, DecisionStanding, DialogueEntry
from chancery.domain.admissions.services.deciding import (
    DecisionNotInDraft,
    DeclineNotAllowed,
    draft_decision,
    drop_decision,
)
from chancery.domain.admissions.services.moving import MoveNotAllowed, move_application
from chancery.domain.admissions.services.talking import log_call
from chancery.domain.admissions.states import MOVES, ApplicationState, CallOutcome, DeclineReason, Outcome
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer().pk)


def talked(application_id: int, officer: Actor) -> DialogueEntry:
    return log_call(
        application_id=application_id,
        outcome=CallOutcome.TALKED,
        text="We talked.",
        next_due_at=NOW,
        actor=officer,
        now=NOW,
    )


def test_a_decline_without_a_dialogue_is_refused_and_leaves_no_trace(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    with pytest.raises(DeclineNotAllowed) as refused:
        draft_decision(
            application_id=application.pk,
            outcome=Outcome.DECLINE,
            reason=DeclineReason.CANNOT_ATTEND,
            actor=officer,
            now=NOW,
        )

    assert refused.value.ruling.reasons == ("no_dialogue_yet",)
    application.refresh_from_db()
    assert application.state == ApplicationState.IN_ASSESSMENT
    assert not Decision.objects.exists()


def test_a_decline_after_a_talk_names_the_talk(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    talk = talked(application.pk, officer)

    decision = draft_decision(
        application_id=application.pk,
        outcome=Outcome.DECLINE,
        reason=DeclineReason.CANNOT_ATTEND,
        actor=officer,
        now=NOW,
    )

    assert decision.dialogue == talk
    assert AuditEvent.objects.filter(name="admissions.decision.drafted").count() == 1


def test_the_database_refuses_a_decline_without_a_dialogue(officer: Actor) -> None:
    application = make_application()

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            application=application,
            outcome=Outcome.DECLINE,
            reason=DeclineReason.CANNOT_ATTEND,
            drafted_by_id=officer.user_id,
            drafted_at=NOW,
        )


def test_a_changed_mind_is_a_new_row_and_one_stands(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    for outcome in (Outcome.WAIT, Outcome.ADMIT):
        draft_decision(application_id=application.pk, outcome=outcome, reason="", actor=officer, now=NOW)

    standing = DecisionStanding.objects.get(application=application, dropped_at=None)
    assert standing.decision.outcome == Outcome.ADMIT
    assert Decision.objects.count() == 2


def test_a_dropped_draft_brings_the_application_back_into_the_dialogue(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    decision = draft_decision(application_id=application.pk, outcome=Outcome.ADMIT, reason="", actor=officer, now=NOW)

    drop_decision(decision_id=decision.pk, actor=officer, now=NOW)

    application.refresh_from_db()
    assert application.state == ApplicationState.IN_DIALOGUE
    with pytest.raises(DecisionNotInDraft):
        drop_decision(decision_id=decision.pk, actor=officer, now=NOW)


@pytest.mark.parametrize("state", ApplicationState)
def test_any_move_outside_the_state_machine_raises(state: ApplicationState) -> None:
    application = make_application(state=state)

    for to in set(ApplicationState) - MOVES[state]:
        with pytest.raises(MoveNotAllowed):
            move_application(application, to=to)
