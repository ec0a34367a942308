"""Read the talk between the office and an applicant."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from enum import StrEnum

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from chancery.domain.admissions.models import Application, DialogueEntry
from chancery.domain.admissions.policies.deciding import DialogueFact
from chancery.domain.admissions.states import WAITS_FOR_APPLICANT
from chancery.foundation.accounts.addresses import is_same_address
from chancery.foundation.calendar import last_deadline_over, last_second_of
from chancery.foundation.mail.models import IncomingHandling
from chancery.foundation.mail.states import SenderStanding


class Doubt(StrEnum):
    """Why a mail may be somebody else's: its token proves the conversation, not the person."""

    OTHER_ADDRESS = "another address"
    NOT_CONFIRMED = "not confirmed"


def list_dialogue(application: Application) -> QuerySet[DialogueEntry]:
    """Return the entries with their words, oldest first, internal notes included.

    ``sent_from`` is the address that a mail says it comes from: its token proves the conversation, not the person.
    """
    said = IncomingHandling.objects.filter(mail=OuterRef("incoming_mail_id")).values("sender")[:1]
    return (
        application.dialogue.select_related("words", "author").annotate(sent_from=Subquery(said)).order_by("at", "id")
    )


def doubts_about(application: Application, entries: Iterable[DialogueEntry]) -> dict[int, Doubt]:
    """Return the entries by mail that may be somebody else's, and why; an officer's word for one ends the doubt."""
    came = {entry.incoming_mail_id: entry.pk for entry in entries if entry.incoming_mail_id is not None}
    handled = IncomingHandling.objects.filter(mail__in=came, vouched_at=None) if came else ()
    doubts = ((came[each.mail_id], _doubt(each, application.person.email)) for each in handled)
    return {entry_id: doubt for entry_id, doubt in doubts if doubt is not None}


def dialogue_facts(application: Application, zone: tzinfo) -> list[DialogueFact]:
    """Return the entries as the rules see them; a wish counts to the end of its local day.

    A mail that may be somebody else's is not the applicant's word: it is left out.
    """
    entries = list(application.dialogue.order_by("at", "id"))
    doubts = doubts_about(application, entries)
    return [
        DialogueFact(
            entry_id=entry.pk,
            direction=entry.direction,
            at=entry.at,
            call_outcome=entry.call_outcome,
            wished_until=last_second_of(entry.wished_by, zone) if entry.wished_by else None,
        )
        for entry in entries
        if entry.pk not in doubts
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


def _doubt(mail: IncomingHandling, address: str) -> Doubt | None:
    """Return why a mail may be somebody else's; silence of our server about it counts only where it is asked."""
    if not is_same_address(mail.sender, address):
        return Doubt.OTHER_ADDRESS
    never_says = mail.sender_standing == SenderStanding.NOT_SAID and not settings.AUTHSERV_ID
    return None if never_says or mail.sender_standing == SenderStanding.CONFIRMED else Doubt.NOT_CONFIRMED
