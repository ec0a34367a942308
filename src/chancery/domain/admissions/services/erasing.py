"""Erase the words of an application: what stays is that there was one, whose, and how it ended."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import (
    Application,
    ApplicationAnswer,
    ApplicationPart,
    Assessment,
    DialogueText,
    GroupRegistration,
    PayerDetails,
    ReplacedFile,
    SecondPayer,
    Submission,
    Supplement,
)
from chancery.domain.admissions.services.moving import move_application
from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.files.removal import order_removal
from chancery.foundation.privacy.permits import erasure_permitted


@transaction.atomic
def erase_papers(*, application_id: int, actor: Actor, now: datetime) -> int:
    """Delete the letters of support of an application, those that were replaced too; return how many."""
    gone = _erase_papers(application_id, now)
    application = Application.objects.get(pk=application_id)
    record(Event.PAPERS_ERASED, actor=actor, subject=application, now=now, facts={"files": gone})
    return gone


@transaction.atomic
def erase_application(*, application: Application, rule: str, actor: Actor, now: datetime) -> None:
    """Delete answers, papers, payer and words of a locked application and mark it; twice changes nothing more.

    Mails, documents and the words of the trail are erased by the step that calls this.
    """
    if application.erased_at is not None:
        return
    files = _erase_papers(application.pk, now)
    own = {"application": application}
    counts = {
        "files": files,
        "answers": ApplicationAnswer.objects.filter(**own).delete()[0],
        "assessments": Assessment.objects.filter(**own).update(reason="", stood_aside_because=""),
    }
    ApplicationPart.objects.filter(**own).delete()
    PayerDetails.objects.filter(**own).delete()
    SecondPayer.objects.filter(**own).delete()
    with erasure_permitted("words of an application"):
        counts["messages"] = DialogueText.objects.filter(entry__application=application).delete()[0]
        Supplement.objects.filter(**own).delete()
        Submission.objects.filter(**own).delete()
    application.search_text, application.erased_at = "", now
    application.save(update_fields=["search_text", "erased_at"])
    record(Event.APPLICATION_ERASED, actor=actor, subject=application, now=now, facts={"rule": rule, **counts})


@transaction.atomic
def expire_draft(*, application: Application, actor: Actor, now: datetime) -> None:
    """End a locked draft whose owner wants it gone."""
    move_application(application, to=ApplicationState.EXPIRED)
    record(Event.APPLICATION_EXPIRED, actor=actor, subject=application, now=now)


@transaction.atomic
def unname_groups(*, coordinator_id: int) -> int:
    """Take the names off the groups that somebody had opened; their codes stay for the others."""
    return GroupRegistration.objects.filter(coordinator=coordinator_id).exclude(name="").update(name="")


@transaction.atomic
def copies_of(application_ids: Collection[int]) -> list[int]:
    """Return the documents that were made of applications as they were sent, before their rows go."""
    sent = Submission.objects.filter(application__in=application_ids, document__isnull=False)
    again = Supplement.objects.filter(application__in=application_ids, document__isnull=False)
    return [each for rows in (sent, again) for each in rows.values_list("document_id", flat=True) if each is not None]


def _erase_papers(application_id: int, now: datetime) -> int:
    answers = ApplicationAnswer.objects.filter(application=application_id, file__isnull=False)
    replaced = ReplacedFile.objects.filter(request__application=application_id)
    files = [each for rows in (answers, replaced) for each in rows.values_list("file_id", flat=True) if each]
    answers.delete()
    with erasure_permitted("letters of support"):
        replaced.delete()
    return order_removal(set(files) - _still_named(files), now=now)


def _still_named(file_ids: Collection[int]) -> set[int]:
    """Return the files among these that another application holds too: it was carried over to the next edition."""
    answers = ApplicationAnswer.objects.filter(file__in=file_ids).values_list("file_id", flat=True)
    replaced = ReplacedFile.objects.filter(file__in=file_ids).values_list("file_id", flat=True)
    return {each for rows in (answers, replaced) for each in rows if each}
