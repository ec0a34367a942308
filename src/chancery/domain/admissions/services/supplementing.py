"""Ask for what is missing, take in what is sent again, and end what nobody completed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.documents.copy import copy_for_applicant
from chancery.domain.admissions.models import Application, ApplicationPart, Supplement, SupplementRequest
from chancery.domain.admissions.policies.supplementing import (
    NOT_INCOMPLETE,
    may_ask_for_missing,
    may_send_again,
    opened_by,
)
from chancery.domain.admissions.queries.form import FilledForm, read_form
from chancery.domain.admissions.queries.supplement import expiry_ruling, form_to_fill, open_request
from chancery.domain.admissions.services.applying import SUBMISSION_DOCUMENT, search_words
from chancery.domain.admissions.services.moving import lock_application, move_application, take_turn
from chancery.domain.admissions.services.talking import write_for_office
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.policies import first_answer_due
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import ref
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import last_second_of, local_day
from chancery.foundation.documents.facts import freeze
from chancery.foundation.documents.models import Document
from chancery.foundation.documents.services import request_document
from chancery.foundation.obligations.kinds import OWED_TO_APPLICANTS, ObligationKind
from chancery.foundation.obligations.services import drop_obligation, meet_obligation, open_obligation
from chancery.foundation.ruling import Refused, refusal


class NotToBeSupplemented(Refused):
    """Somebody reads the application already, it has ended, nothing was ticked, or the day is too early."""


class SupplementNotReady(Refused):
    """Nothing is asked for (any more), or a part that was asked for is open."""


class MayNotExpire(Refused):
    """The wished day has not passed, we owe an answer, or nothing is asked for."""


@dataclass(frozen=True, slots=True)
class SentAgain:
    """An application that was completed, the copy of what came with it, and by when it is answered."""

    application: Application
    supplement: Supplement
    document_id: int
    answer_due_on: date


@transaction.atomic
def ask_for_missing(
    *, application_id: int, asked: Collection[str], text: str, wished_by: date, actor: Actor, now: datetime
) -> SupplementRequest:
    """Ask the applicant for what is missing: these questions can be changed again, all else stays as it was sent.

    It counts as our first answer. The marks of the parts concerned are taken back, so that each is looked at again.

    :raises NotToBeSupplemented: when somebody reads the application already, no question of the form was named, or
        the day is not to come.
    :raises chancery.domain.admissions.services.talking.NothingSaid: when the text is blank.
    """
    application = lock_application(application_id)
    questions = get_content(application.edition).questions
    keys = [question.key for question in questions if question.key in set(asked)]
    today = local_day(now, ZoneInfo(application.edition.time_zone))
    ruling = may_ask_for_missing(ApplicationState(application.state), keys, wished_by=wished_by, today=today)
    if not ruling:
        raise NotToBeSupplemented(ruling)

    entry = write_for_office(application=application, text=text, wished_by=wished_by, actor=actor, now=now)
    request = SupplementRequest.objects.create(application=application, entry=entry, asked=keys, asked_at=now)
    opened = opened_by(keys, [question.key for question in questions])
    touched = {question.part for question in questions if question.key in opened}
    ApplicationPart.objects.filter(application=application, key__in=touched).update(done=False)
    move_application(application, to=ApplicationState.INCOMPLETE)
    meet_obligation(ObligationKind.FIRST_ANSWER, subject=application, now=now)
    meet_obligation(ObligationKind.ANSWER, subject=application, now=now)
    take_turn(application)
    record(
        Event.SUPPLEMENT_ASKED,
        actor=actor,
        subject=application,
        now=now,
        facts={"entry": entry.pk, "asked": keys, "wished_by": wished_by.isoformat()},
    )
    return request


@transaction.atomic
def send_supplement(*, application_id: int, actor: Actor, now: datetime) -> SentAgain:
    """Send what was asked for: it is with the office again, and the clock of the first answer starts anew.

    What was sent first stays as it is; the supplement keeps all answers as they stand now.

    :raises SupplementNotReady: when nothing is asked for, or a part that was asked for is open.
    """
    application = lock_application(application_id)
    form, asked = read_form(application), form_to_fill(application)
    ruling = may_send_again(ApplicationState(application.state), [part.status for part in asked.parts])
    request = open_request(application)
    if not ruling or request is None:
        raise SupplementNotReady(ruling if not ruling else refusal(NOT_INCOMPLETE))
    content, zone = get_content(application.edition), ZoneInfo(application.edition.time_zone)
    due_on = first_answer_due(now, content.dialogue.answer_within_days, zone)

    document = _copy(application, request, asked, due_on, now)
    supplement = Supplement.objects.create(
        application=application,
        request=request,
        answers=form.answers.given,
        document=document,
        sent_at=now,
    )
    move_application(application, to=ApplicationState.SUBMITTED)
    application.saved_at, application.search_text = now, search_words(application, form)
    application.save(update_fields=["saved_at", "search_text"])
    drop_obligation(ObligationKind.CALL, subject=application, now=now)
    open_obligation(
        ObligationKind.FIRST_ANSWER,
        subject=application,
        due_at=last_second_of(due_on, zone),
        basis="what was missing was sent",
        now=now,
    )
    take_turn(application)
    record(
        Event.SUPPLEMENT_SENT,
        actor=actor,
        subject=application,
        now=now,
        facts={"supplement": supplement.pk, "first_answer_due": due_on.isoformat()},
    )
    return SentAgain(application, supplement, document.pk, due_on)


@transaction.atomic
def let_expire(*, application_id: int, actor: Actor, now: datetime) -> Application:
    """End an application whose missing parts did not come by the wished day; a person says so, never a clock.

    :raises MayNotExpire: when there is still time, we owe the applicant an answer, or nothing is asked for.
    """
    application = lock_application(application_id)
    ruling = expiry_ruling(application, now=now)
    if not ruling:
        raise MayNotExpire(ruling)

    move_application(application, to=ApplicationState.EXPIRED)
    for kind in OWED_TO_APPLICANTS:
        drop_obligation(kind, subject=application, now=now)
    take_turn(application)
    record(Event.SUPPLEMENT_MISSED, actor=actor, subject=application, now=now)
    return application


def _copy(
    application: Application, request: SupplementRequest, asked: FilledForm, due_on: date, now: datetime
) -> Document:
    """Ask for the paper of what was asked for and is sent now; it belongs to the request, as each has one."""
    number = application.supplements.count() + 1
    content = get_content(application.edition)
    facts = copy_for_applicant(application, asked, content, due_on, now, supplement=number)
    return request_document(
        SUBMISSION_DOCUMENT,
        about=ref(request),
        language=application.person.language,
        filename=f"{application.reference}-{number + 1}.pdf",
        facts=freeze(facts),
        now=now,
    )
