"""What every place needs that takes another one's place: as sure as that was."""

from datetime import datetime

from django.db import transaction

from chancery.domain.enrollment.mails import place_guaranteed_mail
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import billed_lines
from chancery.domain.enrollment.services.places import guarantee_place
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.services import queue_mail
from chancery.journey import follow
from chancery.journey.correspond import dialogue_of


@transaction.atomic
def make_sure(*, place: Place, actor: Actor, now: datetime) -> None:
    """Guarantee what was guaranteed: the money, or the waiver, came along."""
    lines = billed_lines(place)
    if not lines:
        follow.guarantee_free_place(place_id=place.pk, actor=actor, now=now)
        return
    left = sum(line.invoice.balance.open_minor for line in lines)
    sure = guarantee_place(place_id=place.pk, open_minor=left, actor=actor, now=now)
    queue_mail(place_guaranteed_mail(sure, received_on=None, thread=dialogue_of(sure.application), now=now), now=now)
