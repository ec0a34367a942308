"""The step of names: ask how a name is written in Latin letters where no font can print it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.mails.latin_name import latin_name_mail
from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services import naming
from chancery.foundation.audit.actors import Actor
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import queue_mail
from chancery.journey.correspond import dialogue_of


@transaction.atomic
def ask_for_latin_name(*, application_id: int, actor: Actor, now: datetime) -> Application:
    """Ask the applicant by mail how the name is written in Latin letters.

    :raises LatinNameNotWanted: when papers can print the name, or a Latin form is on file.
    """
    application = naming.ask_for_latin_name(application_id=application_id, actor=actor, now=now)
    today = local_day(now, ZoneInfo(application.edition.time_zone))
    thread = dialogue_of(application)
    queue_mail(latin_name_mail(application, asked_on=today, thread=thread), now=now)
    return application
