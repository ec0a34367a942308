"""What is said is kept, and moves the clocks (promises A4, B1)."""

from datetime import UTC, date, datetime

import pytest
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application

from chancery.domain.admissions.models import Application, DialogueEntry
from chancery.domain.admissions.services.talking import (
    NothingSaid,
    NothingToAnswer,
    NotSentYet,
    leave_unanswered,
    log_call,
    owe_a_call,
    receive_message,
    send_message,
    write_note,
)
from chancery.domain.admissions.states import SETTLED, ApplicationState, CallOutcome, Channel
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.foundation.obligations.services import open_obligation

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 15, 8, 0, tzinfo=UTC)
DUE = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer().pk)


def open_kinds(application: Application) -> set[str]:
    rows = Obligation.objects.filter(subject_id=str(application.pk), met_at=None, dropped_at=None)
    return set(rows.values_list("kind", flat=True))


def ask(application: Application, officer: Actor) -> DialogueEntry:
    return send_message(
        application_id=application.pk, text="Who pays?", wished_by=date(2024, 10, 23), actor=officer, now=NOW
    )


def answer(application: Application, *, mail: int | None = None) -> DialogueEntry:
    return receive_message(
        application_id=application.pk,
        text="Our city.",
        channel=Channel.MAIL if mail else Channel.PAGE,
        answer_due_at=DUE,
        incoming_mail_id=mail,
        actor=SYSTEM,
        now=NOW,
    )


def test_a_question_gives_the_turn_to_the_applicant_until_the_end_of_the_wished_day(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    open_obligation(ObligationKind.FIRST_ANSWER, subject=application, due_at=DUE, basis="sent", now=NOW)

    ask(application, officer)

    application.refresh_from_db()
    assert application.state == ApplicationState.IN_DIALOGUE
    assert (application.turn_ours, application.turn_due_at) == (False, datetime(2024, 10, 23, 21, 59, 59, tzinfo=UTC))
    assert open_kinds(application) == set()
    assert AuditEvent.objects.filter(name="admissions.dialogue.sent", subject_id=str(application.pk)).count() == 1


def test_an_answer_gives_the_turn_back_with_an_answer_owed(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ask(application, officer)

    answer(application)

    application.refresh_from_db()
    assert (application.turn_ours, application.turn_due_at) == (True, DUE)
    assert open_kinds(application) == {ObligationKind.ANSWER}


def test_a_mail_is_taken_in_once(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    assert answer(application, mail=7) == answer(application, mail=7)
    assert application.dialogue.count() == 1


def test_a_talk_meets_the_call_and_leaves_us_the_answer(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    open_obligation(ObligationKind.CALL, subject=application, due_at=NOW, basis="silence", now=NOW)

    log_call(
        application_id=application.pk,
        outcome=CallOutcome.TALKED,
        text="Clear now.",
        next_due_at=DUE,
        actor=officer,
        now=NOW,
    )

    application.refresh_from_db()
    assert (application.turn_ours, application.turn_due_at) == (True, DUE)
    assert open_kinds(application) == {ObligationKind.ANSWER}


def test_a_call_that_reached_nobody_is_tried_again(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    log_call(
        application_id=application.pk,
        outcome=CallOutcome.NOT_REACHED,
        text="No reply.",
        next_due_at=DUE,
        actor=officer,
        now=NOW,
    )

    assert open_kinds(application) == {ObligationKind.CALL}


@pytest.mark.parametrize("state", sorted(set(ApplicationState) - {ApplicationState.DRAFT}))
def test_whoever_writes_is_owed_an_answer_whatever_became_of_the_application(state: ApplicationState) -> None:
    application = make_application(state=state)

    answer(application)

    application.refresh_from_db()
    assert open_kinds(application) == {ObligationKind.ANSWER}
    assert (application.turn_ours, application.turn_due_at) == (True, DUE)


@pytest.mark.parametrize("state", sorted(SETTLED | {ApplicationState.WAITING, ApplicationState.OFFERED}))
@pytest.mark.parametrize(("outcome", "left"), [(CallOutcome.TALKED, set()), (CallOutcome.NOT_REACHED, {"answer"})])
def test_a_call_to_whoever_has_their_decision_leaves_nothing_new_open(
    state: ApplicationState, outcome: CallOutcome, left: set[str], officer: Actor
) -> None:
    application = make_application(state=state)
    answer(application)

    log_call(
        application_id=application.pk, outcome=outcome, text="About dates.", next_due_at=NOW, actor=officer, now=NOW
    )

    application.refresh_from_db()
    assert open_kinds(application) == left
    assert (application.state, application.turn_ours) == (state, bool(left))


def test_a_word_of_thanks_needs_no_answer_and_says_so_once(officer: Actor) -> None:
    application = make_application(state=ApplicationState.ADMITTED)
    answer(application)

    leave_unanswered(application_id=application.pk, actor=officer, now=NOW)
    with pytest.raises(NothingToAnswer):
        leave_unanswered(application_id=application.pk, actor=officer, now=NOW)

    application.refresh_from_db()
    assert open_kinds(application) == set()
    assert (application.turn_ours, application.turn_due_at) == (False, None)
    assert AuditEvent.objects.filter(name="admissions.dialogue.left_unanswered").count() == 1


def test_silence_opens_the_promise_to_call_once(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ask(application, officer)

    assert owe_a_call(application_id=application.pk, due_at=DUE, now=NOW)
    assert not owe_a_call(application_id=application.pk, due_at=DUE, now=NOW)

    application.refresh_from_db()
    assert application.turn_ours
    assert open_kinds(application) == {ObligationKind.CALL}


def test_a_note_changes_neither_state_nor_turn(officer: Actor) -> None:
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    write_note(application_id=application.pk, text="Ask Biel.", actor=officer, now=NOW)

    application.refresh_from_db()
    assert application.state == ApplicationState.IN_ASSESSMENT
    assert open_kinds(application) == set()


def test_a_blank_message_is_refused(officer: Actor) -> None:
    application = make_application()

    with pytest.raises(NothingSaid):
        send_message(application_id=application.pk, text="  ", wished_by=None, actor=officer, now=NOW)

    assert application.dialogue.count() == 0


def test_a_draft_is_nobodys_to_talk_about(officer: Actor) -> None:
    application = make_application(state=ApplicationState.DRAFT)

    with pytest.raises(NotSentYet):
        ask(application, officer)
