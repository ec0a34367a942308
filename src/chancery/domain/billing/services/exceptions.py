"""A fee that the rules do not give: one person proposes it, another approves it."""

from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.billing.models import FeeException
from chancery.domain.billing.services.four_eyes import finish_alone
from chancery.domain.billing.states import ExceptionState
from chancery.domain.programme.policies import FourEyes, Guarded
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class ExceptionNotPossible(Refused):
    """There is no reason, one is open already, or the fee lies outside zero to the standard rate."""


@transaction.atomic
def propose_exception(
    *, application: Application, fee_minor: int, reason: str, actor: Actor, now: datetime
) -> FeeException:
    """Propose a fee with its reason.

    :raises ExceptionNotPossible: ``reason_missing``, ``fee_out_of_range`` or ``exception_open``.
    """
    if not reason.strip():
        raise ExceptionNotPossible(refusal("reason_missing"))
    terms = frozen_rule(application)
    if not 0 <= fee_minor <= terms.standard_minor:
        raise ExceptionNotPossible(refusal("fee_out_of_range"))
    if FeeException.objects.filter(application=application, state=ExceptionState.PROPOSED).exists():
        raise ExceptionNotPossible(refusal("exception_open"))
    exception = FeeException.objects.create(
        application=application,
        fee_minor=fee_minor,
        currency=terms.currency,
        reason=reason.strip()[:300],
        proposed_by_id=actor.person_id(),
        proposed_at=now,
    )
    record(
        Event.FEE_EXCEPTION_PROPOSED,
        actor=actor,
        subject=exception,
        now=now,
        facts={"fee_minor": fee_minor, "application": application.pk},
        personal={"reason": exception.reason},
    )
    return exception


@transaction.atomic
def decide_exception(*, exception_id: int, approved: bool, rule: FourEyes, actor: Actor, now: datetime) -> FeeException:
    """Approve or reject a proposed fee; a decided one stays as it is.

    :raises NeedsAnotherPerson: when the same person proposed it, unless the edition's ``rule`` lets one do both.
    """
    exception = FeeException.objects.select_for_update(of=("self",)).select_related("application").get(pk=exception_id)
    if exception.state != ExceptionState.PROPOSED:
        return exception
    if alone := exception.proposed_by_id == actor.user_id:
        finish_alone(rule=rule, act=Guarded.FEE, subject=exception, actor=actor, now=now)
    exception.state = ExceptionState.APPROVED if approved else ExceptionState.REJECTED
    exception.decided_by_id = actor.person_id()
    exception.decided_at, exception.alone = now, alone
    exception.save(update_fields=["state", "decided_by", "decided_at", "alone"])
    name = Event.FEE_EXCEPTION_APPROVED if approved else Event.FEE_EXCEPTION_REJECTED
    record(name, actor=actor, subject=exception, now=now, facts={"fee_minor": exception.fee_minor})
    return exception
