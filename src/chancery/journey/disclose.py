"""The step of disclosing: a person gets what is kept about them, as the register of the models declares it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from chancery.domain.admissions.models import (
    Application,
    ApplicationAnswer,
    Assessment,
    Decision,
    DecisionStanding,
    DialogueEntry,
    DialogueText,
    ReplacedFile,
)
from chancery.domain.admissions.queries.retention import incoming_of
from chancery.domain.admissions.states import Direction
from chancery.domain.billing.models import BillingParty, FeeException, Invoice, ProForma
from chancery.domain.billing.states import ExceptionState
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.queries.retention import list_bills_of, rows_about
from chancery.foundation.accounts.addresses import written_as
from chancery.foundation.accounts.mails import CARRY_A_KEY
from chancery.foundation.accounts.models import Person, User
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent, AuditPersonalPart
from chancery.foundation.audit.refs import Ref, about_any, ref
from chancery.foundation.audit.services import record
from chancery.foundation.documents.models import Document, Rendering
from chancery.foundation.files.models import StoredFile
from chancery.foundation.files.storage import path_of
from chancery.foundation.mail.models import IncomingHandling, IncomingMail, MailContent, MailThread, OutgoingMail
from chancery.foundation.privacy.archive import PackedFile, PersonalCopy, write_archive
from chancery.foundation.privacy.queries import list_waiting
from chancery.foundation.privacy.register import declared_models, rows_of_person, shown_fields
from chancery.foundation.privacy.services import answer_request
from chancery.foundation.ruling import Refused, refusal

log = structlog.get_logger(__name__)
# What the trail tells of an application while it is judged, and of proposals that nobody has approved.
WHILE_JUDGED: Final = frozenset(
    {
        Event.ASSESSORS_ASSIGNED,
        Event.ASSESSMENT_SUBMITTED,
        Event.NOTE_WRITTEN,
        Event.DECISION_DRAFTED,
        Event.DECISION_DROPPED,
        Event.FEE_EXCEPTION_PROPOSED,
        Event.FEE_EXCEPTION_REJECTED,
    }
)


class NobodyByThatAddress(Refused):
    """No account and no mail of ours knows the address."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the rooms know them: the account, the name behind it, their files and the rows about them."""

    user: User
    person: Person | None
    files: tuple[int, ...]
    about: tuple[Ref, ...]
    bills: tuple[int, ...]


def find_subject(email: str) -> Subject:
    """Return the person who signs in with an address.

    :raises NobodyByThatAddress: when nobody does.
    """
    try:
        user = User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        nobody = f"nobody signs in as {email.strip()}"
        raise NobodyByThatAddress(refusal("nobody_by_that_address"), nobody) from None
    return subject_of(user)


def subject_of(user: User) -> Subject:
    """Return the person of an account."""
    person = Person.objects.filter(user=user).first()
    files = list(Application.objects.filter(person__user=user).select_related("edition").order_by("pk"))
    about = [ref(user), *([ref(person)] if person else [])]
    about += rows_about([application.pk for application in files])
    ids = tuple(application.pk for application in files)
    return Subject(user, person, ids, tuple(about), tuple(list_bills_of(ids)))


@transaction.atomic
def disclose(*, user_id: int, actor: Actor, now: datetime) -> PersonalCopy:
    """Return all that is kept about the person of an account, and leave a trail of it."""
    user = User.objects.get(pk=user_id)
    copy = copy_of(user, now=now)
    facts = {"records": copy.rows, "files": len(copy.files)}
    record(Event.DATA_DISCLOSED, actor=actor, subject=user, now=now, facts=facts)
    return copy


def make_copies(*, now: datetime) -> int:
    """Make the copies that people wait for; return how many.

    Packed before its transaction in a file without a name, which is gone if the process dies.
    """
    made = 0
    for asked in list(list_waiting()):
        copy = copy_of(asked.user, now=now)
        with TemporaryFile() as packed:
            try:
                write_archive(copy, packed)
            except OSError as error:  # a file went while it was packed: the others do not wait for this one
                log.warning("copy not made", request=asked.pk, error=str(error))
                continue
            packed.seek(0)
            made += answer_request(request_id=asked.pk, content=packed.read(), copy=copy, now=now)
    return made


def copy_of(user: User, *, now: datetime) -> PersonalCopy:
    """Return all that is kept about the person of an account."""
    subject = subject_of(user)
    records = {model._meta.label: rows for model, rows in _records(subject) if rows}
    files = [PackedFile(file.name, path_of(file)) for file in stored_files_of(subject)]
    packed = [file for file in files if file.path.exists()]
    return PersonalCopy(user.email, user.language, now, records, packed)


def stored_files_of(subject: Subject) -> QuerySet[StoredFile]:
    """Return the files of a person: their letters, the papers made about them, and the mails they wrote, raw."""
    answered = ApplicationAnswer.objects.filter(application__in=subject.files, file__isnull=False).values("file_id")
    replaced = ReplacedFile.objects.filter(request__application__in=subject.files).values("file_id")
    papers = Rendering.objects.filter(document__in=_documents(subject)).values("file_id")
    raw = _incoming(subject).values("raw_id")
    asked = Q(pk__in=answered) | Q(pk__in=replaced) | Q(pk__in=papers) | Q(pk__in=raw)
    return StoredFile.objects.filter(asked).order_by("pk")


def _records(subject: Subject) -> Iterable[tuple[type[Model], list[dict[str, Any]]]]:
    for model, declaration in declared_models():
        if not declaration.export:
            continue
        if model in FOUND:
            yield model, shown_fields(FOUND[model](subject), declaration)
        elif subject.person is not None:
            yield model, shown_fields(rows_of_person(model, declaration, subject.person.pk), declaration)


def _accounts(subject: Subject) -> QuerySet[Any]:
    return User.objects.filter(pk=subject.user.pk)


def _events(subject: Subject) -> QuerySet[Any]:
    return AuditEvent.objects.filter(about_any(subject.about)).exclude(name__in=WHILE_JUDGED)


def _words_of_events(subject: Subject) -> QuerySet[Any]:
    rows = AuditPersonalPart.objects.filter(about_any(subject.about, "event__"))
    return rows.exclude(event__name__in=WHILE_JUDGED)


def _answered(subject: Subject) -> QuerySet[Any]:
    released = DecisionStanding.objects.filter(application__in=subject.files, released_at__isnull=False)
    return released.values("application")


def _decisions(subject: Subject) -> QuerySet[Any]:
    return Decision.objects.filter(application__in=subject.files, standing__released_at__isnull=False)


def _assessments(subject: Subject) -> QuerySet[Any]:
    return Assessment.objects.filter(application__in=_answered(subject), submitted_at__isnull=False)


def _dialogue(subject: Subject) -> QuerySet[Any]:
    rows = DialogueEntry.objects.filter(application__in=subject.files)
    return rows.exclude(Q(direction=Direction.NOTE) & ~Q(application__in=_answered(subject)))


def _words_of_dialogue(subject: Subject) -> QuerySet[Any]:
    return DialogueText.objects.filter(entry__in=_dialogue(subject).values("pk"))


def _exceptions(subject: Subject) -> QuerySet[Any]:
    return FeeException.objects.filter(application__in=subject.files, state=ExceptionState.APPROVED)


def _outgoing(subject: Subject) -> QuerySet[Any]:
    return OutgoingMail.objects.filter(pk__in=_outgoing_words(subject).values("mail"))


def _outgoing_words(subject: Subject) -> QuerySet[Any]:
    return MailContent.objects.filter(written_as("to", subject.user.email)).exclude(mail__kind__in=CARRY_A_KEY)


def _incoming(subject: Subject) -> QuerySet[Any]:
    threads = MailThread.objects.filter(about_any(subject.about))
    heard = [each for application in subject.files for each in incoming_of(application)]
    notices = CancellationNotice.objects.filter(place__application__in=subject.files, mail__isnull=False)
    sent = written_as("handling__sender", subject.user.email)
    rows = Q(thread__in=threads) | Q(pk__in=heard) | Q(pk__in=notices.values("mail_id")) | sent
    return IncomingMail.objects.filter(rows)


def _incoming_words(subject: Subject) -> QuerySet[Any]:
    return IncomingHandling.objects.filter(mail__in=_incoming(subject))


def _documents(subject: Subject) -> QuerySet[Any]:
    billed = Invoice.objects.filter(pk__in=subject.bills, document__isnull=False)
    before = ProForma.objects.filter(application__in=subject.files)
    papers = Q(pk__in=billed.values("document_id")) | Q(pk__in=before.values("document_id"))
    return Document.objects.filter(about_any(subject.about) | papers)


def _bills(subject: Subject) -> QuerySet[Any]:
    return Invoice.objects.filter(pk__in=subject.bills)


def _parties(subject: Subject) -> QuerySet[Any]:
    return BillingParty.objects.filter(invoices__in=subject.bills).distinct()


# How the rows of a person are found where no path of keys leads to them, or where what is judged is not answered yet:
# drafts, scores and notes of the office are given once the answer is out.
FOUND: dict[type[Model], Callable[[Subject], QuerySet[Any]]] = {
    User: _accounts,
    AuditEvent: _events,
    AuditPersonalPart: _words_of_events,
    OutgoingMail: _outgoing,
    MailContent: _outgoing_words,
    Decision: _decisions,
    Assessment: _assessments,
    DialogueEntry: _dialogue,
    DialogueText: _words_of_dialogue,
    FeeException: _exceptions,
    IncomingMail: _incoming,
    IncomingHandling: _incoming_words,
    StoredFile: stored_files_of,
    Document: _documents,
    Invoice: _bills,
    BillingParty: _parties,
}
