"""The Latin form of a name that no font of ours can print: asked for by the office, given by its owner."""

from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application, ApplicationAnswer
from chancery.domain.admissions.policies.form import LATIN_NAME_KEY
from chancery.domain.admissions.policies.names import may_print_as
from chancery.domain.admissions.queries.form import read_form
from chancery.domain.admissions.services.applying import search_words
from chancery.domain.admissions.services.moving import lock_application
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.documents.fonts import printable_name, uncovered
from chancery.foundation.ruling import Refused, refusal

LONGEST_NAME = 200


class LatinNameNotWanted(Refused):
    """Papers can print the name, or a Latin form is on file."""


class NameNotPrintable(Refused):
    """The form given is blank, in another script, or holds a sign that the fonts lack."""


@transaction.atomic
def ask_for_latin_name(*, application_id: int, actor: Actor, now: datetime) -> Application:
    """Note that the applicant is asked how the name is written in Latin letters.

    :raises LatinNameNotWanted: when papers can print the name, or a Latin form is on file.
    """
    application = lock_application(application_id)
    if not printable_name(application.person.name, application.person.latin_name).latin_wanted:
        raise LatinNameNotWanted(refusal("latin_name_not_wanted"))
    record(Event.LATIN_NAME_ASKED, actor=actor, subject=application, now=now)
    return application


@transaction.atomic
def give_latin_name(*, application_id: int, latin: str, actor: Actor, now: datetime) -> None:
    """Keep how the applicant's name is written in Latin letters; papers made from now on print it.

    :raises NameNotPrintable: when it is blank, in another script, or holds a sign that the fonts lack.
    """
    application = lock_application(application_id)
    latin = " ".join(latin.split())[:LONGEST_NAME]
    ruling = may_print_as(latin, lacking=uncovered(latin))
    if not ruling:
        raise NameNotPrintable(ruling)

    person = application.person
    person.latin_name = latin
    person.save(update_fields=["latin_name"])
    # Where the form asks for it, the answer agrees: a part that is opened again must not blank the name.
    if any(question.key == LATIN_NAME_KEY for question in get_content(application.edition).questions):
        ApplicationAnswer.objects.update_or_create(
            application=application, key=LATIN_NAME_KEY, defaults={"value": latin}
        )
    if application.submitted_at is not None:
        application.search_text = search_words(application, read_form(application))
        application.save(update_fields=["search_text"])
    record(Event.PERSON_NAMED, actor=actor, subject=person, now=now, personal={"latin_name": latin})
