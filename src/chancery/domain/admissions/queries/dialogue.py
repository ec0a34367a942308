"""Read the talk between the office and an applicant."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from django.db.models import OuterRef, QuerySet, Subquery

from chancery.domain.admissions.models import Application, DialogueEntry
from chancery.domain.admissions.policies.deciding import DialogueFact
from chancery.domain.admissions.states import WAITS_FOR_APPLICANT
from chancery.foundation.calendar import last_deadline_over, last_second_of
from chancery.foundation.mail.models import IncomingHandling
from chancery.foundation.mail.states import SenderStanding


def list_dialogue(application: Application) -> QuerySet[DialogueEntry]:
    """Return the entries with their words, oldest first, internal notes included.

    ``sent_from`` is the address that a mail says it comes from: its token proves the conversation, not the person.
    """
    said = IncomingHandling.objects.filter(mail=OuterRef("incoming_mail_id")).values("sender")[:1]
    return (
        application.dialogue.select_related("words", "author").annotate(sent_from=Subquery(said)).order_by("at", "id")
    )


def list_unconfirmed(entries: Iterable[DialogueEntry]) -> set[int]:
    """Return the entries that came by a mail of which our server did not confirm the sender's domain."""
    came = {entry.incoming_mail_id: entry.pk for entry in entries if entry.incoming_mail_id is not None}
    handled = IncomingHandling.objects.filter(mail__in=came)
    return {came[each.mail_id] for each in handled if each.sender_standing == SenderStanding.NOT_CONFIRMED}


def dialogue_facts(application: Application, zone: tzinfo) -> list[DialogueFact]:
    """Return the entries as the rules see them; a wish counts to the end of its local day."""
    rows = application.dialogue.order_by("at", "id").values_list("id", "direction", "at", "call_outcome", "wished_by")
    return [
        DialogueFact(
            entry_id=id_,
            direction=direction,
            at=at,
            call_outcome=outcome,
            wished_until=last_second_of(wished_by, zone) if wished_by else None,
        )
        for id_, direction, at, outcome, wished_by in rows
    ]


def list_silent(*, now: datetime) -> QuerySet[Application]:
    """Return the applications whose wished day has passed without an answer, with their edition."""
    return (
        Application.objects.filter(
            state__in=WAITS_FOR_APPLICANT, turn_ours=False, turn_due_at__lte=last_deadline_over(now)
        )
        .select_related("edition")
        .order_by("turn_due_at", "id")
    )
