"""Write down what the office and an applicant say to each other; the trail keeps that it was said."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import Application, DialogueEntry, DialogueText
from chancery.domain.admissions.policies.supplementing import DAY_TOO_EARLY
from chancery.domain.admissions.queries.dialogue import doubts_about
from chancery.domain.admissions.services.moving import lock_application, move_application, take_turn
from chancery.domain.admissions.states import (
    BEFORE_DIALOGUE,
    UNANSWERED,
    WAITS_FOR_APPLICANT,
    ApplicationState,
    CallOutcome,
    Channel,
    Direction,
)
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.models import IncomingHandling
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, meet_obligation, open_obligation
from chancery.foundation.ruling import Refused, refusal


class NothingSaid(Refused):
    """A message holds no words."""


class NothingToAnswer(Refused):
    """No answer to a message is owed."""


class NothingInDoubt(Refused):
    """The message counts as the applicant's already, or is none of this application."""


class WishedTooEarly(Refused):
    """An answer is wished by a day that leaves no time for it."""


class NotSentYet(Refused):
    """A draft is nobody's to talk about: the office sees it when it has been sent."""


@transaction.atomic
def send_message(
    *, application_id: int, text: str, wished_by: date | None, actor: Actor, now: datetime
) -> DialogueEntry:
    """Write to the applicant; it is now their turn, until the day by which an answer is wished.

    :raises NothingSaid: when the text is blank.
    :raises NotSentYet: when the application is a draft.
    :raises WishedTooEarly: when the day is over or today.
    """
    application = _open_file(application_id)
    if wished_by and wished_by <= local_day(now, ZoneInfo(application.edition.time_zone)):
        raise WishedTooEarly(refusal(DAY_TOO_EARLY))
    entry = _write(application, Direction.FROM_OFFICE, Channel.PAGE, text, actor=actor, now=now, wished_by=wished_by)
    meet_obligation(ObligationKind.FIRST_ANSWER, subject=application, now=now)
    meet_obligation(ObligationKind.ANSWER, subject=application, now=now)
    _into_dialogue(application)
    record(Event.MESSAGE_SENT, actor=actor, subject=application, now=now, facts={"entry": entry.pk})
    return entry


@transaction.atomic
def receive_message(
    *,
    application_id: int,
    text: str,
    channel: Channel,
    answer_due_at: datetime,
    actor: Actor,
    now: datetime,
    incoming_mail_id: int | None = None,
) -> DialogueEntry:
    """Take in what the applicant wrote on the page or by mail; we owe an answer until ``answer_due_at``.

    Whoever writes is owed one, whatever became of the application: who was admitted, waits or was declined asks things
    too. A mail is taken in once: the same ``incoming_mail_id`` again returns the first entry. One that may be somebody
    else's is owed an answer like any other, and ends no wait for the applicant.

    :raises NothingSaid: when the text is blank.
    :raises NotSentYet: when the application is a draft.
    """
    application = _open_file(application_id)
    known = DialogueEntry.objects.filter(incoming_mail_id=incoming_mail_id).first() if incoming_mail_id else None
    if known is not None:
        return known
    entry = _write(
        application,
        Direction.FROM_APPLICANT,
        channel,
        text,
        actor=actor,
        now=now,
        incoming_mail_id=incoming_mail_id,
    )
    if not doubts_about(application, [entry]):
        drop_obligation(ObligationKind.CALL, subject=application, now=now)
    open_obligation(
        ObligationKind.ANSWER, subject=application, due_at=answer_due_at, basis="the applicant wrote", now=now
    )
    _into_dialogue(application)
    record(
        Event.MESSAGE_RECEIVED,
        actor=actor,
        subject=application,
        now=now,
        facts={"entry": entry.pk, "channel": channel},
    )
    return entry


@transaction.atomic
def log_call(
    *,
    application_id: int,
    outcome: CallOutcome,
    text: str,
    next_due_at: datetime,
    actor: Actor,
    now: datetime,
) -> DialogueEntry:
    """Log a call with its outcome and what was said or tried.

    A talk ends the promise to call and leaves us an answer until ``next_due_at``; a call that reached nobody is no
    dialogue: the next try is due then. Where the application has its answer, a talk leaves nothing open, and whom we
    did not reach is still owed what was owed before.

    :raises NothingSaid: when nothing is noted.
    :raises NotSentYet: when the application is a draft.
    """
    application = _open_file(application_id)
    entry = _write(application, Direction.CALL, Channel.PHONE, text, actor=actor, now=now, call_outcome=outcome)
    meet_obligation(ObligationKind.CALL, subject=application, now=now)
    talked = outcome == CallOutcome.TALKED
    if talked:
        meet_obligation(ObligationKind.FIRST_ANSWER, subject=application, now=now)
        meet_obligation(ObligationKind.ANSWER, subject=application, now=now)
    if application.state in UNANSWERED:
        owed = ObligationKind.ANSWER if talked else ObligationKind.CALL
        basis = "after the talk" if talked else "the call reached nobody"
        open_obligation(owed, subject=application, due_at=next_due_at, basis=basis, now=now)
    _into_dialogue(application)
    record(
        Event.CALL_LOGGED,
        actor=actor,
        subject=application,
        now=now,
        facts={"entry": entry.pk, "outcome": outcome},
    )
    return entry


@transaction.atomic
def write_note(*, application_id: int, text: str, actor: Actor, now: datetime) -> DialogueEntry:
    """Keep an internal note; the applicant never sees it and it is no dialogue.

    :raises NothingSaid: when the text is blank.
    :raises NotSentYet: when the application is a draft.
    """
    application = _open_file(application_id)
    entry = _write(application, Direction.NOTE, Channel.PAGE, text, actor=actor, now=now)
    record(Event.NOTE_WRITTEN, actor=actor, subject=application, now=now, facts={"entry": entry.pk})
    return entry


@transaction.atomic
def leave_unanswered(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Say that the last message needs no answer, such as a word of thanks.

    :raises NothingToAnswer: when no answer is owed, because it was given just now or never asked for.
    """
    application = _open_file(application_id)
    if not drop_obligation(ObligationKind.ANSWER, subject=application, now=now):
        raise NothingToAnswer(refusal("nothing_to_answer"))
    take_turn(application)
    record(Event.MESSAGE_LEFT, actor=actor, subject=application, now=now)


@transaction.atomic
def vouch_for_message(*, application_id: int, entry_id: int, actor: Actor, now: datetime) -> None:
    """Say that a mail that may be somebody else's is the applicant's: it counts as their word from now on.

    :raises NothingInDoubt: when it does already, or is no message of this application.
    """
    application = _open_file(application_id)
    entry = application.dialogue.filter(pk=entry_id).first()
    if entry is None or not doubts_about(application, [entry]):
        raise NothingInDoubt(refusal("nothing_in_doubt"))
    IncomingHandling.objects.filter(mail=entry.incoming_mail_id).update(vouched_at=now)
    drop_obligation(ObligationKind.CALL, subject=application, now=now)
    take_turn(application)
    record(Event.MESSAGE_VOUCHED_FOR, actor=actor, subject=application, now=now, facts={"entry": entry.pk})


@transaction.atomic
def owe_a_call(*, application_id: int, due_at: datetime, now: datetime) -> bool:
    """Open the promise to call somebody who did not answer in time; return whether it is new.

    Silence is never a dialogue (promise B1): it is our turn again.
    """
    application = lock_application(application_id)
    if application.turn_ours or application.state not in WAITS_FOR_APPLICANT:
        return False
    open_obligation(
        ObligationKind.CALL, subject=application, due_at=due_at, basis="no answer by the wished day", now=now
    )
    take_turn(application)
    return True


@transaction.atomic
def write_for_office(
    *, application: Application, text: str, wished_by: date, actor: Actor, now: datetime
) -> DialogueEntry:
    """Write the office's words into the dialogue of a locked application, as part of a larger act.

    :raises NothingSaid: when the text is blank.
    """
    return _write(application, Direction.FROM_OFFICE, Channel.PAGE, text, actor=actor, now=now, wished_by=wished_by)


def _open_file(application_id: int) -> Application:
    application = lock_application(application_id)
    if application.submitted_at is None:
        raise NotSentYet(refusal("application_not_sent_yet"))
    return application


def _into_dialogue(application: Application) -> None:
    if application.state in BEFORE_DIALOGUE:
        move_application(application, to=ApplicationState.IN_DIALOGUE)
    take_turn(application)


def _write(
    application: Application,
    direction: Direction,
    channel: Channel,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    wished_by: date | None = None,
    call_outcome: str = "",
    incoming_mail_id: int | None = None,
) -> DialogueEntry:
    if not text.strip():
        raise NothingSaid(refusal("nothing_said"))
    entry = DialogueEntry.objects.create(
        application=application,
        direction=direction,
        channel=channel,
        author_id=actor.user_id,
        call_outcome=call_outcome,
        wished_by=wished_by,
        incoming_mail_id=incoming_mail_id,
        at=now,
    )
    DialogueText.objects.create(entry=entry, text=text.strip())
    if application.erased_at is not None:  # words are kept again: the sweep finds them when their time is over
        application.erased_at = None
        application.save(update_fields=["erased_at"])
    return entry
