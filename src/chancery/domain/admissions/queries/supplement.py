"""Read what the office asked for, the part of the form that is open again, and what was changed by it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chancery.domain.admissions.models import (
    Application,
    ReplacedFile,
    Submission,
    Supplement,
    SupplementRequest,
)
from chancery.domain.admissions.policies.deciding import wished_until
from chancery.domain.admissions.policies.form import Answers, status_of_part
from chancery.domain.admissions.policies.supplementing import may_let_expire, opened_by
from chancery.domain.admissions.queries.dialogue import dialogue_facts
from chancery.domain.admissions.queries.form import FilledForm, FormPart, ShownPart, read_form, show_answers
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.queries import get_content
from chancery.foundation.files.models import StoredFile
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.queries import earliest_due
from chancery.foundation.ruling import Ruling


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A question that was asked for again, with its answer before and now; blank where nothing was answered.

    ``replaced`` is the row of the paper that stood there before.
    """

    question: str
    before: str
    now: str
    replaced: ReplacedFile | None = None

    @property
    def changed(self) -> bool:
        """Whether the applicant gave another answer."""
        return self.before != self.now or self.replaced is not None


@dataclass(frozen=True, slots=True)
class ShownSupplement:
    """What came with one supplement, and the file of its copy once that is made."""

    number: int
    sent_at: datetime
    answers: tuple[ChangedAnswer, ...]
    copy: StoredFile | None


def last_request(application: Application) -> SupplementRequest | None:
    """Return what the office asked for last, with its words; it is open as long as the application is incomplete."""
    rows = application.supplement_requests.select_related("entry__words", "entry__author")
    return rows.order_by("-id").first()


def open_request(application: Application) -> SupplementRequest | None:
    """Return what the office waits for, or None while it waits for nothing."""
    return last_request(application) if application.state == ApplicationState.INCOMPLETE else None


def opened_questions(application: Application) -> frozenset[str]:
    """Return the questions that the applicant may change because they were asked for."""
    request = open_request(application)
    keys = [question.key for question in get_content(application.edition).questions]
    return opened_by(request.asked, keys) if request else frozenset()


def form_to_fill(application: Application) -> FilledForm:
    """Return the part of the form that may be filled: all of a draft, what was asked for of an incomplete file."""
    form = read_form(application)
    if application.state != ApplicationState.INCOMPLETE:
        return form
    return narrowed(form, opened_questions(application))


def sent_form(application: Application) -> FilledForm:
    """Return the form as it was sent last: what is being changed on request stays the applicant's until it is sent."""
    form, request = read_form(application), last_request(application)
    if request is None or Supplement.objects.filter(request=request).exists():
        return form
    sent = _last_sent(application)
    replaced = {row.key: row.file for row in request.replaced_files.select_related("file")}
    files = {key: file for key, file in form.files.items() if file.created_at <= request.asked_at} | replaced
    return replace(form, answers=replace(form.answers, values=sent, files=frozenset(files)), files=files)


def narrowed(form: FilledForm, keys: frozenset[str]) -> FilledForm:
    """Return a form with these questions only; parts without any are left out."""
    parts: list[FormPart] = []
    for part in form.parts:
        questions = tuple(question for question in part.questions if question.key in keys)
        if questions:
            status = status_of_part(questions, form.answers, done=part.done)
            parts.append(replace(part, number=len(parts) + 1, questions=questions, status=status))
    return replace(form, parts=tuple(parts))


def list_supplements(application: Application, language: str) -> list[ShownSupplement]:
    """Return what each supplement changed, the latest first, in words; activate the language before."""
    rows = list(
        Supplement.objects.filter(application=application)
        .select_related("request", "document__rendering__file")
        .order_by("id")
    )
    if not rows:
        return []
    first = Submission.objects.filter(application=application).first()
    before: Mapping[str, str] = first.answers if first else {}
    replaced = _replaced_by_request(application)
    shown = []
    for number, row in enumerate(rows, start=1):
        answers = _changes(application, row, before, replaced.get(row.request_id, {}), language)
        rendering = getattr(row.document, "rendering", None)
        shown.append(ShownSupplement(number, row.sent_at, answers, rendering.file if rendering else None))
        before = row.answers
    return shown[::-1]


def expiry_ruling(application: Application, *, now: datetime) -> Ruling:
    """Tell whether an officer may let the application expire now."""
    facts = dialogue_facts(application, ZoneInfo(application.edition.time_zone))
    owed = earliest_due(application, (ObligationKind.ANSWER,)) is not None
    return may_let_expire(
        ApplicationState(application.state), wished_until=wished_until(facts), answer_owed=owed, now=now
    )


def find_replaced_file(application: Application, replaced_id: int) -> StoredFile | None:
    """Return a paper of the application that was replaced."""
    rows = ReplacedFile.objects.filter(pk=replaced_id, request__application=application).select_related("file")
    found = rows.first()
    return found.file if found else None


def _last_sent(application: Application) -> Mapping[str, str]:
    last: Supplement | Submission | None = Supplement.objects.filter(application=application).order_by("-id").first()
    last = last or Submission.objects.filter(application=application).first()
    return last.answers if last else {}


def _changes(
    application: Application,
    row: Supplement,
    before: Mapping[str, str],
    replaced: Mapping[str, ReplacedFile],
    language: str,
) -> tuple[ChangedAnswer, ...]:
    keys = [question.key for question in get_content(application.edition).questions]
    opened = opened_by(row.request.asked, keys)
    empty = read_form(application)
    old = _by_key(show_answers(narrowed(_filled_with(empty, before), opened), language))
    new = show_answers(narrowed(_filled_with(empty, row.answers), opened), language)
    return tuple(
        ChangedAnswer(each.question, old.get(each.key, ""), each.text, replaced.get(each.key))
        for part in new
        for each in part.answers
    )


def _filled_with(form: FilledForm, values: Mapping[str, str]) -> FilledForm:
    """Return the form as it stood when these answers were sent; papers are shown by the name that was kept."""
    return replace(form, answers=Answers(values=values), files={})


def _by_key(parts: tuple[ShownPart, ...]) -> dict[str, str]:
    return {each.key: each.text for part in parts for each in part.answers}


def _replaced_by_request(application: Application) -> dict[int, dict[str, ReplacedFile]]:
    found: dict[int, dict[str, ReplacedFile]] = {}
    for row in ReplacedFile.objects.filter(request__application=application):
        found.setdefault(row.request_id, {})[row.key] = row
    return found
