"""Keep what the holder of a place chooses whose edition is not held: the next edition, or the money (promise C5)."""

from datetime import datetime

from django.db import transaction

from chancery.domain.enrollment.models import EditionChoice, Place
from chancery.domain.enrollment.states import ChoiceState
from chancery.domain.programme.models import Edition
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class ChoiceOver(Refused):
    """It was made before, its time is over, or nobody was asked."""


@transaction.atomic
def ask_choice(
    *, place: Place, target: Edition, answer_by: datetime, note: str, actor: Actor, now: datetime
) -> tuple[EditionChoice, bool]:
    """Keep that somebody is asked, and say whether that is new: of a locked place, once.

    :raises chancery.foundation.audit.actors.NeedsPerson: when no person asks: silence brings the money back by their
        decision.
    """
    asked = {
        "target": target,
        "answer_by": answer_by,
        "note": note,
        "asked_by_id": actor.person_id(),
        "asked_at": now,
    }
    choice, is_new = EditionChoice.objects.get_or_create(place=place, defaults=asked)
    if is_new:
        facts = {"place": place.pk, "target": target.slug, "answer_by": answer_by.isoformat()}
        record(Event.EDITION_CHOICE_ASKED, actor=actor, subject=choice, now=now, facts=facts)
    return choice, is_new


@transaction.atomic
def lock_choice(place_id: int) -> EditionChoice:
    """Load the choice of a place for changing it; after the place.

    :raises ChoiceOver: when nobody was asked.
    """
    choice = EditionChoice.objects.select_for_update(of=("self",)).select_related("target__programme")
    found = choice.filter(place=place_id).first()
    if found is None:
        raise ChoiceOver(refusal("choice_over"))
    return found


@transaction.atomic
def make_choice(
    *, choice: EditionChoice, to: ChoiceState, successor: Place | None = None, actor: Actor, now: datetime
) -> EditionChoice:
    """Write down what was chosen; the choice is locked.

    :raises ChoiceOver: when it was made before.
    """
    if choice.state != ChoiceState.ASKED:
        raise ChoiceOver(refusal("choice_over"), f"choice {choice.pk} is {choice.state}")
    choice.state, choice.answered_at, choice.successor = to, now, successor
    choice.save(update_fields=["state", "answered_at", "successor"])
    record(Event.EDITION_CHOSEN, actor=actor, subject=choice, now=now, facts={"state": to.value})
    return choice
