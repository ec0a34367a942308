"""The step of completing: the office asks for what is missing, the applicant sends it again, or nothing comes."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from chancery.domain.admissions.mails.supplement import expired_mail, missing_mail, supplement_mail
from chancery.domain.admissions.models import Application, SupplementRequest
from chancery.domain.admissions.policies.supplementing import opened_by
from chancery.domain.admissions.queries.supplement import last_request
from chancery.domain.admissions.services import supplementing
from chancery.domain.admissions.services.supplementing import SentAgain
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.services import queue_mail
from chancery.journey.correspond import default_wish, dialogue_of


@transaction.atomic
def ask_for_missing(
    *,
    application_id: int,
    asked: Collection[str],
    text: str,
    wished_by: date | None = None,
    actor: Actor,
    now: datetime,
) -> SupplementRequest:
    """Ask the applicant for what is missing, on the page and by mail; without a day it is the time to answer.

    :raises NotToBeSupplemented: when somebody reads the application already, no question of the form was named, or
        the day is not to come.
    :raises NothingSaid: when the text is blank.
    """
    application = Application.objects.select_related("edition", "person").get(pk=application_id)
    request = supplementing.ask_for_missing(
        application_id=application_id,
        asked=asked,
        text=text,
        wished_by=wished_by or default_wish(application.edition, now=now),
        actor=actor,
        now=now,
    )
    questions = opened_labels(application, request.asked, application.person.language)
    thread = dialogue_of(application)
    queue_mail(missing_mail(request, questions=questions, thread=thread), now=now)
    return request


@transaction.atomic
def send_again(*, application: Application, actor: Actor, now: datetime) -> SentAgain:
    """Send what was asked for, with its receipt; we owe a first answer from now on.

    :raises SupplementNotReady: when nothing is asked for (any more), or a part that was asked for is open.
    """
    sent = supplementing.send_supplement(application_id=application.pk, actor=actor, now=now)
    thread = dialogue_of(sent.application)
    mail = supplement_mail(
        sent.supplement, answer_due_on=sent.answer_due_on, document_id=sent.document_id, thread=thread
    )
    queue_mail(mail, now=now)
    return sent


@transaction.atomic
def let_expire(*, application_id: int, actor: Actor, now: datetime) -> Application:
    """End an application whose missing parts did not come, and say so to the applicant.

    :raises MayNotExpire: when there is still time, we owe the applicant an answer, or nothing is asked for.
    """
    application = supplementing.let_expire(application_id=application_id, actor=actor, now=now)
    request = last_request(application)
    if request is not None:
        thread = dialogue_of(application)
        queue_mail(expired_mail(application, request=request, thread=thread), now=now)
    return application


def opened_labels(application: Application, asked: Collection[str], language: str) -> list[str]:
    """Return the questions that can be changed again, as the form asks them."""
    questions = get_content(application.edition).questions
    opened = opened_by(asked, [question.key for question in questions])
    return [question.label.say(language) for question in questions if question.key in opened]
