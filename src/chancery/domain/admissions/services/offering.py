"""Offer a seat to an application that waits, and write down what became of the offer."""

from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.moving import lock_application, move_application, take_turn
from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def open_offer(*, application_id: int, actor: Actor, now: datetime) -> Application:
    """Put an application that waits into the state of an offer.

    :raises chancery.domain.admissions.services.moving.MoveNotAllowed: when it does not wait.
    """
    application = lock_application(application_id)
    move_application(application, to=ApplicationState.OFFERED)
    take_turn(application)
    record(Event.SEAT_OFFERED, actor=actor, subject=application, now=now)
    return application


@transaction.atomic
def answer_offer(*, application: Application, to: ApplicationState, actor: Actor, now: datetime) -> None:
    """Write down what became of an offer: admitted, or lapsed; the caller holds the application locked.

    :raises chancery.domain.admissions.services.moving.MoveNotAllowed: when no offer stands.
    """
    move_application(application, to=to)
    take_turn(application)
    record(Event.OFFER_ANSWERED, actor=actor, subject=application, now=now, facts={"state": to})
