"""Start, send and take back an application; each act is one short transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from chancery.domain.admissions.documents.copy import copy_for_applicant
from chancery.domain.admissions.models import (
    Application,
    DecisionStanding,
    Submission,
)
from chancery.domain.admissions.policies.applying import (
    IDLE_DRAFT_LASTS,
    may_save,
    may_submit,
    may_withdraw,
)
from chancery.domain.admissions.policies.form import (
    AUTHORITY_KEY,
    SHORT_TEXT,
)
from chancery.domain.admissions.policies.names import search_text
from chancery.domain.admissions.queries.form import FilledForm, call_ruling, read_form
from chancery.domain.admissions.services.filling import ApplicationNotOpen
from chancery.domain.admissions.services.moving import lock_application, move_application, take_turn
from chancery.domain.admissions.states import MAY_APPLY_ANEW, MOVES, ApplicationState
from chancery.domain.programme.models import Edition, Terms
from chancery.domain.programme.policies import first_answer_due
from chancery.domain.programme.queries import current_terms, get_content
from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import ref
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import last_deadline_over, last_second_of
from chancery.foundation.documents.facts import freeze
from chancery.foundation.documents.models import Document
from chancery.foundation.documents.services import request_document
from chancery.foundation.obligations.kinds import OWED_TO_APPLICANTS, ObligationKind
from chancery.foundation.obligations.services import drop_obligation, open_obligation
from chancery.foundation.ruling import Refused, refusal

SUBMISSION_DOCUMENT = "admissions/submission"
NUMBER_TRIES = 5
EXPIRY_CHUNK = 200


class ApplicationsClosed(Refused):
    """The call is not open (yet, or any more)."""


class ApplicationNotReady(Refused):
    """Parts are open, the terms were not accepted, or other terms came into force meanwhile."""


class NotWithdrawable(Refused):
    """A place exists already, or there is nothing to take back."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A sent application, the document that is its copy, and by when it is answered first."""

    application: Application
    document_id: int
    answer_due_on: date


@transaction.atomic
def start_application(*, edition: Edition, person: Person, actor: Actor, now: datetime) -> Application:
    """Open the one file of a person in an edition, or return the one there is.

    :raises ApplicationsClosed: when the call is not open.
    """
    existing = own_file(edition, person)
    if existing is not None:
        return existing
    _require_open(edition, now)

    application = number_application(edition=edition, person=person, now=now)
    record(Event.APPLICATION_STARTED, actor=actor, subject=application, now=now)
    return application


@transaction.atomic
def submit_application(*, application_id: int, accepted_version: int | None, actor: Actor, now: datetime) -> Submitted:
    """Send the application: freeze terms and answers, ask for the copy, and owe a first answer.

    :raises ApplicationNotReady: when a part is open, or the accepted terms are not those in force.
    :raises ApplicationNotOpen: when it was sent before, or the call is over.
    """
    application = lock_application(application_id)
    form, terms = read_form(application), current_terms(application.edition)
    _require_ready(application, form, terms, accepted_version, now)
    content = get_content(application.edition)
    zone = ZoneInfo(application.edition.time_zone)
    due_on = first_answer_due(now, content.dialogue.answer_within_days, zone)

    _freeze(application, form, terms, now)
    document = _keep_submission(application, form, content, due_on, now)
    open_obligation(
        ObligationKind.FIRST_ANSWER,
        subject=application,
        due_at=last_second_of(due_on, zone),
        basis="the application was sent",
        now=now,
    )
    take_turn(application)
    record(
        Event.APPLICATION_SUBMITTED,
        actor=actor,
        subject=application,
        now=now,
        facts={"terms": terms.version, "first_answer_due": due_on.isoformat()},
    )
    return Submitted(application, document.pk, due_on)


@transaction.atomic
def withdraw_application(*, application_id: int, reason: str = "", actor: Actor, now: datetime) -> Application:
    """Take the application back; what we owed falls away, and so does a decision that was only drafted.

    :raises NotWithdrawable: when a place exists or there is nothing to take back.
    """
    application = lock_application(application_id)
    ruling = may_withdraw(ApplicationState(application.state))
    if not ruling:
        raise NotWithdrawable(ruling)

    _end(application, ApplicationState.WITHDRAWN, now)
    record(
        Event.APPLICATION_WITHDRAWN,
        actor=actor,
        subject=application,
        now=now,
        personal={"reason": reason.strip()} if reason.strip() else None,
    )
    return application


@transaction.atomic
def end_with_edition(*, application_id: int, actor: Actor, now: datetime) -> Application | None:
    """End an application whose edition is not held; None where it has ended before, or became a place.

    A draft expires, as it was never sent.
    """
    application = lock_application(application_id)
    to = ApplicationState.EXPIRED if application.submitted_at is None else ApplicationState.NOT_HELD
    if to not in MOVES[ApplicationState(application.state)]:
        return None
    _end(application, to, now)
    record(Event.APPLICATION_ENDED, actor=actor, subject=application, now=now)
    return application


@transaction.atomic
def expire_drafts(*, now: datetime) -> int:
    """End drafts that were idle for 60 days and whose call is over; return how many."""
    idle = Application.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=ApplicationState.DRAFT,
        saved_at__lte=now - IDLE_DRAFT_LASTS,
        edition__closes_at__lte=last_deadline_over(now),
    )
    expired = list(idle.select_related("edition").order_by("id")[:EXPIRY_CHUNK])
    for application in expired:
        move_application(application, to=ApplicationState.EXPIRED)
        record(Event.APPLICATION_EXPIRED, actor=SYSTEM, subject=application, now=now)
    return len(expired)


def _end(application: Application, to: ApplicationState, now: datetime) -> None:
    """End an application before a place: what we owed falls away, and so does a decision that was only drafted."""
    move_application(application, to=to)
    DecisionStanding.objects.filter(application=application, dropped_at=None, released_at=None).update(dropped_at=now)
    for kind in OWED_TO_APPLICANTS:
        drop_obligation(kind, subject=application, now=now)
    take_turn(application)


def search_words(application: Application, form: FilledForm) -> str:
    """Return the words by which the desk finds an application."""
    person, authority = application.person, application.authority
    where = (authority.name, authority.city.name, authority.city.country.name) if authority else ()
    typed = form.answers.text(AUTHORITY_KEY)[:SHORT_TEXT]
    return search_text(
        application.reference, person.name, person.latin_name, person.email, *where, *(() if where else (typed,))
    )


def own_file(edition: Edition, person: Person) -> Application | None:
    """Return the one file of a person in an edition, or None."""
    return Application.objects.filter(edition=edition, person=person).exclude(state__in=MAY_APPLY_ANEW).first()


def _require_open(edition: Edition, now: datetime) -> None:
    ruling = call_ruling(edition, now)
    if not ruling:
        raise ApplicationsClosed(ruling)


def number_application(*, edition: Edition, person: Person, now: datetime) -> Application:
    """Make the row under the next free number of the prefix.

    The lock on the edition keeps numbers in order; the loop serves editions that share a prefix.
    """
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    existing = own_file(edition, person)
    if existing is not None:
        return existing
    number = _last_number(edition.reference_prefix)
    for _ in range(NUMBER_TRIES):
        number += 1
        try:
            with transaction.atomic():
                return Application.objects.create(
                    reference=f"{edition.reference_prefix}-{number:04d}",
                    edition=edition,
                    person=person,
                    started_at=now,
                    saved_at=now,
                )
        except IntegrityError:
            number = max(number, _last_number(edition.reference_prefix))
    raise ApplicationsClosed(refusal("no_number_free"), f"no free number after {number}")


def _last_number(prefix: str) -> int:
    last = Application.objects.filter(reference__startswith=f"{prefix}-").order_by("-id").first()
    digits = last.reference.rpartition("-")[2] if last else ""
    return int(digits) if digits.isdecimal() else 0


def _require_ready(
    application: Application, form: FilledForm, terms: Terms, accepted_version: int | None, now: datetime
) -> None:
    state, window = ApplicationState(application.state), call_ruling(application.edition, now)
    if not may_save(state, window):
        raise ApplicationNotOpen(may_save(state, window))
    ruling = may_submit(
        state,
        [part.status for part in form.parts],
        window,
        accepted_version=accepted_version,
        current_version=terms.version,
    )
    if not ruling:
        raise ApplicationNotReady(ruling)


def _freeze(application: Application, form: FilledForm, terms: Terms, now: datetime) -> None:
    application.terms, application.submitted_at, application.saved_at = terms, now, now
    application.search_text = search_words(application, form)
    application.state = ApplicationState.SUBMITTED
    application.save(update_fields=["terms", "submitted_at", "saved_at", "search_text", "state"])


def _keep_submission(
    application: Application, form: FilledForm, content: EditionFile, due_on: date, now: datetime
) -> Document:
    language = application.person.language
    document = request_document(
        SUBMISSION_DOCUMENT,
        about=ref(application),
        language=language,
        filename=f"{application.reference}.pdf",
        facts=freeze(copy_for_applicant(application, form, content, due_on, now)),
        now=now,
    )
    Submission.objects.create(
        application=application,
        answers=form.answers.given,
        document=document,
        submitted_at=now,
    )
    return document
