"""Open a file in another edition with what somebody has answered before."""

from datetime import datetime

from django.db import transaction
from django.forms.models import model_to_dict

from chancery.domain.admissions.models import Application, ApplicationAnswer, PayerDetails
from chancery.domain.admissions.policies.form import input_keys
from chancery.domain.admissions.services.applying import own_file, start_application
from chancery.domain.admissions.services.paying import keep_payer
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.domain.programme.readers.edition_file import Question, QuestionKind
from chancery.foundation.audit.actors import Actor

# What is said anew each time: an agreement is given for one application, and a group is one of its edition.
SAID_ANEW = frozenset({QuestionKind.CONSENT, QuestionKind.GROUP_CODE})


@transaction.atomic
def start_again(*, application: Application, edition: Edition, actor: Actor, now: datetime) -> Application:
    """Open a draft in another edition with the answers to what both ask; one that is there already stays as it is.

    Nothing is sent: the person looks through each part, accepts the terms of that edition and sends it.

    :raises chancery.domain.admissions.services.applying.ApplicationsClosed: when the call of that edition is not open.
    """
    known = own_file(edition, application.person)
    if known is not None:
        return known
    again = start_application(edition=edition, person=application.person, actor=actor, now=now)
    again.authority = application.authority
    again.save(update_fields=["authority"])
    keys = {key for question in _asked_by_both(application.edition, edition) for key in input_keys(question)}
    ApplicationAnswer.objects.bulk_create(
        ApplicationAnswer(application=again, key=answer.key, value=answer.value, file=answer.file)
        for answer in application.answers.filter(key__in=keys)
    )
    payer = PayerDetails.objects.filter(application=application).first()
    if payer is not None:
        keep_payer(application=again, details=model_to_dict(payer, exclude=["id", "application"]))
    return again


def _asked_by_both(one: Edition, other: Edition) -> list[Question]:
    before = {question.key: question for question in get_content(one).questions}
    return [
        question
        for question in get_content(other).questions
        if question.kind not in SAID_ANEW and (known := before.get(question.key)) and question.asks_the_same(known)
    ]
