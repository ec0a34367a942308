"""Fill an application: answers, files and the payer, kept as they are typed until it is sent."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import (
    Application,
    ApplicationAnswer,
    ApplicationPart,
    PayerDetails,
    ReplacedFile,
)
from chancery.domain.admissions.policies.applying import NOT_A_DRAFT, may_save
from chancery.domain.admissions.policies.form import CERTIFICATE_NAME_KEY, LATIN_NAME_KEY, NAME_KEY, input_keys
from chancery.domain.admissions.queries.form import call_ruling, questions_of_part
from chancery.domain.admissions.queries.supplement import open_request, opened_questions
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.queries import get_content
from chancery.domain.programme.readers.edition_file import Question
from chancery.domain.programme.readers.edition_file import QuestionKind as Kind
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.characters import without_controls
from chancery.foundation.files.models import Purpose, StoredFile
from chancery.foundation.files.storage import path_of, store_bytes
from chancery.foundation.files.uploads import CheckedUpload
from chancery.foundation.ruling import Refused, refusal

LONGEST_ANSWER = 20_000
_NAME_FIELDS = {NAME_KEY: "name", CERTIFICATE_NAME_KEY: "name_on_certificate", LATIN_NAME_KEY: "latin_name"}


class ApplicationNotOpen(Refused):
    """The form can no longer be changed: it was sent, or the call is over."""


class NoSuchQuestion(Refused):
    """The edition's form has no such part or question."""


@transaction.atomic
def save_part(
    *,
    application: Application,
    part: str,
    typed: Mapping[str, str],
    authority: LocalAuthority | None = None,
    done: bool | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what was typed in a part, valid or not; ``done`` None leaves the applicant's own mark as it is.

    ``authority`` is the body that the answer was found to name; it replaces the one of the application whenever the
    part asks for it. Names are copied to the person when the part is called done.

    :raises ApplicationNotOpen: when the application was sent and this was not asked for again, or the call is over.
    :raises NoSuchQuestion: when the edition's form has no such part.
    """
    opened = _lock_open(application, now)
    questions = tuple(question for question in _questions(application, part) if question.key in opened)
    if not questions:
        raise ApplicationNotOpen(refusal(NOT_A_DRAFT))
    _keep_answers(application, questions, typed)
    _keep_mark(application, part, done, now)

    application.saved_at, fields = now, ["saved_at"]
    if any(question.kind is Kind.AUTHORITY for question in questions):
        application.authority = authority
        fields.append("authority")
    application.save(update_fields=fields)
    names = {question.key for question in questions} & set(_NAME_FIELDS)
    if done and names:
        _name_person(application.person, {key: typed.get(key, "") for key in names}, actor, now)


@transaction.atomic
def attach_file(
    *, application: Application, key: str, upload: CheckedUpload, actor: Actor, now: datetime
) -> StoredFile:
    """Keep an uploaded file as the answer to a question; a file there before is removed.

    :raises ApplicationNotOpen: when the application was sent and this was not asked for again, or the call is over.
    :raises NoSuchQuestion: when the form asks for no file there.
    """
    opened = _lock_open(application, now)
    _require_file_question(application, key)
    _require_open(key, opened)
    _drop_file(application, key, now)
    file = store_bytes(
        upload.content,
        purpose=Purpose.ENDORSEMENT,
        name=upload.name,
        content_type=upload.content_type,
        now=now,
    )
    ApplicationAnswer.objects.update_or_create(
        application=application, key=key, defaults={"value": file.name, "file": file}
    )
    record(Event.FILE_ATTACHED, actor=actor, subject=application, now=now, facts={"key": key, "size": file.size})
    return file


@transaction.atomic
def detach_file(*, application: Application, key: str, actor: Actor, now: datetime) -> None:
    """Remove the file of a question; nothing happens where there is none.

    :raises ApplicationNotOpen: when the application was sent and this was not asked for again, or the call is over.
    """
    _require_open(key, _lock_open(application, now))
    if _drop_file(application, key, now):
        record(Event.FILE_REMOVED, actor=actor, subject=application, now=now, facts={"key": key})


@transaction.atomic
def name_payer(
    *, application: Application, typed: Mapping[str, str], actor: Actor, now: datetime
) -> PayerDetails | None:
    """Keep who will pay, as far as it was said; nothing is kept while the applicant does not know.

    What is not typed here, because only some of it was asked for again, counts as it was answered before.

    The questions of the part have known keys (docs/decisions/0012): ``payer_kind``, ``billing_name``,
    ``billing_address``, ``tax_id``, ``buyer_reference``, ``purchase_order``, ``dir3``, ``billing_email``.

    :raises ApplicationNotOpen: when the application was sent and this was not asked for again, or the call is over.
    """
    opened = _lock_open(application, now)
    answered = dict(application.answers.values_list("key", "value"))
    typed = {**answered, **{key: text for key, text in typed.items() if key.partition(".")[0] in opened}}
    kind = typed.get("payer_kind", "")
    if kind not in PayerDetails.Kind.values:
        PayerDetails.objects.filter(application=application).delete()
        return None
    values = _payer_values(typed)
    payer, _ = PayerDetails.objects.update_or_create(
        application=application, defaults={"kind": kind, "language": application.person.language, **values}
    )
    return payer


def _lock_open(application: Application, now: datetime) -> frozenset[str]:
    """Lock the file and return the questions that may be changed: all of a draft, or what the office asked for."""
    state = Application.objects.select_for_update().values_list("state", flat=True).get(pk=application.pk)
    if state == ApplicationState.INCOMPLETE:
        application.state = state
        return opened_questions(application)
    ruling = may_save(ApplicationState(state), call_ruling(application.edition, now))
    if not ruling:
        raise ApplicationNotOpen(ruling)
    return frozenset(question.key for question in get_content(application.edition).questions)


def _require_open(key: str, opened: frozenset[str]) -> None:
    if key not in opened:
        raise ApplicationNotOpen(refusal(NOT_A_DRAFT))


def _questions(application: Application, part: str) -> tuple[Question, ...]:
    questions = questions_of_part(application.edition, part)
    if not questions:
        raise NoSuchQuestion(refusal("no_such_part"), f"the form has no part {part!r}")
    return questions


def _require_file_question(application: Application, key: str) -> None:
    content = get_content(application.edition)
    if not any(question.key == key and question.kind is Kind.FILE for question in content.questions):
        raise NoSuchQuestion(refusal("no_such_question"), f"the form asks for no file {key!r}")


def _keep_answers(application: Application, questions: tuple[Question, ...], typed: Mapping[str, str]) -> None:
    keys = [key for each in questions if each.kind is not Kind.FILE for key in input_keys(each)]
    rows = [
        ApplicationAnswer(application=application, key=key, value=_clean(typed[key])) for key in keys if key in typed
    ]
    ApplicationAnswer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["application", "key"], update_fields=["value"]
    )


def _clean(text: str) -> str:
    """Keep line breaks as one character each, and nothing that no paper and no database takes."""
    return without_controls(text.replace("\r\n", "\n"))[:LONGEST_ANSWER]


def _keep_mark(application: Application, part: str, done: bool | None, now: datetime) -> None:
    row = ApplicationPart(application=application, key=part, done=bool(done), saved_at=now)
    fields = ["saved_at"] if done is None else ["saved_at", "done"]
    ApplicationPart.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["application", "key"], update_fields=fields
    )


def _name_person(person: Person, typed: Mapping[str, str], actor: Actor, now: datetime) -> None:
    names = {_NAME_FIELDS[key]: " ".join(_clean(text).split())[:200] for key, text in typed.items()}
    changed = {field: text for field, text in names.items() if getattr(person, field) != text}
    if not changed:
        return
    for field, text in changed.items():
        setattr(person, field, text)
    person.save(update_fields=list(changed))
    record(Event.PERSON_NAMED, actor=actor, subject=person, now=now, personal=changed)


def _drop_file(application: Application, key: str, now: datetime) -> bool:
    answer = ApplicationAnswer.objects.filter(application=application, key=key).select_related("file").first()
    if answer is None or answer.file is None:
        return False
    file, path = answer.file, path_of(answer.file)
    answer.file, answer.value = None, ""
    answer.save(update_fields=["file", "value"])
    request = open_request(application)
    if request is not None and file.created_at <= request.asked_at:  # it was sent: what was sent stays
        ReplacedFile.objects.create(request=request, key=key, file=file, replaced_at=now)
        return True
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return True


def _payer_values(typed: Mapping[str, str]) -> dict[str, str]:
    sources = {
        "legal_name": ("billing_name", 200),
        "address": ("billing_address", 300),
        "postcode": ("billing_address.postcode", 20),
        "town": ("billing_address.town", 100),
        "country": ("billing_address.country", 3),
        "tax_id": ("tax_id", 40),
        "buyer_reference": ("buyer_reference", 60),
        "purchase_order": ("purchase_order", 60),
        "dir3": ("dir3", 60),
        "email": ("billing_email", 254),
    }
    return {field: _clean(typed.get(key, "")).strip()[:length] for field, (key, length) in sources.items()}
