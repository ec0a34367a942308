"""Draft an answer, drop it, and give it out."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import Application, Decision, DecisionStanding
from chancery.domain.admissions.policies.deciding import may_decline, may_decline_for, proof_of_dialogue
from chancery.domain.admissions.queries.dialogue import dialogue_facts
from chancery.domain.admissions.services.moving import (
    lock_application,
    move_application,
    take_turn,
)
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, meet_obligation
from chancery.foundation.ruling import Refused, refusal

STATE_AFTER: dict[Outcome, ApplicationState] = {
    Outcome.ADMIT: ApplicationState.ADMITTED,
    Outcome.WAIT: ApplicationState.WAITING,
    Outcome.NEXT_EDITION: ApplicationState.NEXT_EDITION,
    Outcome.DECLINE: ApplicationState.DECLINED,
}


class DeclineNotAllowed(Refused):
    """No dialogue with the applicant has taken place, or the reason is not on the list (promise A4)."""


class DecisionNotInDraft(Refused):
    """The decision was released or dropped already."""


@transaction.atomic
def draft_decision(*, application_id: int, outcome: Outcome, reason: str, actor: Actor, now: datetime) -> Decision:
    """Draft the answer to an application; an earlier draft is dropped. Nobody outside the office sees it.

    :raises DeclineNotAllowed: when it is a decline and no dialogue has taken place, or its reason is not listed.
    :raises MoveNotAllowed: when the application is not with the office.
    """
    application = lock_application(application_id)
    entries = dialogue_facts(application, ZoneInfo(application.edition.time_zone))
    if outcome == Outcome.DECLINE:
        for ruling in (may_decline(entries), may_decline_for(reason)):
            if not ruling:
                raise DeclineNotAllowed(ruling)

    if application.state == ApplicationState.DECIDED:
        _drop_draft(application, actor=actor, now=now)
    move_application(application, to=ApplicationState.DECIDED)
    decision = Decision.objects.create(
        application=application,
        outcome=outcome,
        reason=reason if outcome == Outcome.DECLINE else "",
        dialogue_id=proof_of_dialogue(entries),
        drafted_by_id=actor.person_id(),
        drafted_at=now,
    )
    DecisionStanding.objects.create(decision=decision, application=application)
    take_turn(application)
    record(
        Event.DECISION_DRAFTED,
        actor=actor,
        subject=application,
        now=now,
        facts={"decision": decision.pk, "outcome": outcome, "reason": decision.reason},
    )
    return decision


@transaction.atomic
def drop_decision(*, decision_id: int, actor: Actor, now: datetime) -> None:
    """Take a drafted decision back; the application is talked about again.

    :raises DecisionNotInDraft: when it was released or dropped already.
    """
    decision = Decision.objects.select_related("standing").get(pk=decision_id)
    application = lock_application(decision.application_id)
    if decision.pk != _draft_of(application).decision_id:
        raise DecisionNotInDraft(refusal("decision_not_in_draft"))
    _drop_draft(application, actor=actor, now=now)
    take_turn(application)


@transaction.atomic
def release_decision(*, standing: DecisionStanding, to: ApplicationState, actor: Actor, now: datetime) -> Application:
    """Give a drafted decision out: the state part of it; place, bill and mail are the stair's business.

    ``to`` differs from the outcome where an admission finds no free seat: then it is the waiting list.

    :raises DecisionNotInDraft: when it was released or dropped already.
    """
    application = lock_application(standing.application_id)
    standing.refresh_from_db()
    if standing.released_at is not None or standing.dropped_at is not None:
        raise DecisionNotInDraft(refusal("decision_not_in_draft"))

    move_application(application, to=to)
    standing.released_at, standing.released_by_id = now, actor.person_id()
    standing.save(update_fields=["released_at", "released_by"])
    meet_obligation(ObligationKind.FIRST_ANSWER, subject=application, now=now)
    meet_obligation(ObligationKind.ANSWER, subject=application, now=now)
    drop_obligation(ObligationKind.CALL, subject=application, now=now)
    take_turn(application)
    record(
        Event.DECISION_RELEASED,
        actor=actor,
        subject=application,
        now=now,
        facts={"decision": standing.decision_id, "state": to},
    )
    return application


def _draft_of(application: Application) -> DecisionStanding:
    found = application.decision_standings.select_for_update().filter(dropped_at=None, released_at=None).first()
    if found is None:
        raise DecisionNotInDraft(refusal("decision_not_in_draft"))
    return found


def _drop_draft(application: Application, *, actor: Actor, now: datetime) -> None:
    standing = _draft_of(application)
    standing.dropped_at = now
    standing.save(update_fields=["dropped_at"])
    move_application(application, to=ApplicationState.IN_DIALOGUE)
    record(Event.DECISION_DROPPED, actor=actor, subject=application, now=now, facts={"decision": standing.decision_id})
