"""Read which applications have ended, and what their time runs from."""

from collections.abc import Iterable
from datetime import UTC, date
from zoneinfo import ZoneInfo

from django.db.models import CharField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from chancery.domain.admissions.models import Application, DialogueEntry, ReplacedFile
from chancery.domain.admissions.policies.retaining import FileFacts
from chancery.domain.admissions.states import OVER, ApplicationState
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.calendar import day_end

ENDINGS = (
    Event.APPLICATION_WITHDRAWN,
    Event.APPLICATION_EXPIRED,
    Event.APPLICATION_ENDED,
    Event.DECISION_RELEASED,
    Event.WAITING_LEFT,
    Event.OFFER_ANSWERED,
)


def list_kept(application_ids: Iterable[int] | None = None) -> QuerySet[Application]:
    """Return applications whose words are still kept, each with ``last_ending`` and ``last_word``, in order."""
    kept = Application.objects.filter(erased_at=None).select_related("edition", "person")
    if application_ids is not None:
        kept = kept.filter(pk__in=[*application_ids])
    endings = AuditEvent.objects.filter(
        subject_kind="admissions.application",
        subject_id=Cast(OuterRef("pk"), CharField(max_length=40)),
        name__in=ENDINGS,
    )
    last = endings.order_by().values("subject_id").annotate(last=Max("at")).values("last")
    said = DialogueEntry.objects.filter(application=OuterRef("pk")).order_by("-at").values("at")[:1]
    return kept.annotate(last_ending=Subquery(last), last_word=Subquery(said)).order_by("pk")


def list_ended(course_over_by: date) -> QuerySet[Application]:
    """Return kept applications that have ended, whoever had a place only where the course was over by a day.

    Those that are under way long after their course stand here too: somebody has to end them.
    """
    over = Q(edition__ends_on__lte=course_over_by)
    return list_kept().filter(Q(state__in=OVER) | over)


def list_with_papers(course_over_by: date) -> QuerySet[Application]:
    """Return kept applications with letters of support whose course was over by a day."""
    replaced = ReplacedFile.objects.values("request__application_id")
    holds_papers = Q(answers__file__isnull=False) | Q(pk__in=replaced)
    return list_kept().filter(holds_papers, edition__ends_on__lte=course_over_by).distinct()


def facts_of(application: Application) -> FileFacts:
    """Return what the time of an application from ``list_kept`` runs from."""
    edition, said = application.edition, application.last_word  # type: ignore[attr-defined]  # annotated there
    ended = application.last_ending or application.submitted_at or application.saved_at  # type: ignore[attr-defined]  # annotated there
    course_over = day_end(edition.ends_on, ZoneInfo(edition.time_zone))
    return FileFacts(
        state=ApplicationState(application.state),
        sent=application.submitted_at is not None,
        saved_at=application.saved_at,
        ended_at=max(ended, said) if said else ended,
        call_closes_at=edition.closes_at,
        course_ends_at=course_over.astimezone(UTC),
    )


def incoming_of(application_id: int) -> list[int]:
    """Return the incoming mails that were brought into the dialogue of an application."""
    heard = DialogueEntry.objects.filter(application=application_id, incoming_mail_id__isnull=False)
    return [each for each in heard.values_list("incoming_mail_id", flat=True) if each is not None]
