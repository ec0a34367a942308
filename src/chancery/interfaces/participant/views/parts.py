"""One part of the application form: fill it, save it at any time, go on."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.applying import may_save
from chancery.domain.admissions.policies.form import FaultCode
from chancery.domain.admissions.queries.form import (
    FilledForm,
    FormPart,
    call_ruling,
    part_title,
    questions_of_part,
)
from chancery.domain.admissions.queries.groups import count_members
from chancery.domain.admissions.queries.lookup import list_authority_labels
from chancery.domain.admissions.queries.supplement import form_to_fill
from chancery.domain.admissions.services.filling import ApplicationNotOpen
from chancery.domain.admissions.services.grouping import GroupClosed
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.readers.edition_file import Question
from chancery.domain.programme.readers.edition_file import QuestionKind as Kind
from chancery.foundation import clock
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.uploads import CheckedUpload, UploadRefused, check_upload
from chancery.interfaces.participant.access import SignedInRequest, own_application
from chancery.interfaces.participant.forms.applications import PartForm, taken_apart, typed_texts
from chancery.interfaces.participant.page_frame import back_to_application, page_frame
from chancery.interfaces.participant.standing import to_the_minute
from chancery.journey import apply

TEMPLATE = "participant/applications/part.html"


@own_application
@require_http_methods(["GET", "POST"])
def edit_part(request: SignedInRequest, application: Application, part: str) -> HttpResponse:
    """Show one part, or keep what was typed: by hand, automatically, or to come back later."""
    if request.method != "POST":
        return _show(request, application, part)
    if not questions_of_part(application.edition, part):
        raise Http404
    questions = _questions(application, part)
    acts = {"autosave": _autosave, "later": _save_for_later, "open-group": _open_group}
    act = acts.get(request.POST.get("act", ""), _continue)
    try:
        return act(request, application, part, questions)
    except ApplicationNotOpen:
        return _over(request, application)


def _show(request: SignedInRequest, application: Application, part: str) -> HttpResponse:
    if not questions_of_part(application.edition, part):
        raise Http404
    filled = form_to_fill(application)
    found = filled.part(part)
    if found is None or not _may_fill(application):
        return redirect("see-application", application.reference)
    return _page(request, application, found, filled, PartForm(found, filled))


def _may_fill(application: Application) -> bool:
    state = ApplicationState(application.state)
    asked_again = state is ApplicationState.INCOMPLETE
    return asked_again or bool(may_save(state, call_ruling(application.edition, clock.now())))


def _questions(application: Application, part: str) -> tuple[Question, ...]:
    """Return what this page asks: of an incomplete file only what the office asked for again."""
    if application.state != ApplicationState.INCOMPLETE:
        return questions_of_part(application.edition, part)
    found = form_to_fill(application).part(part)
    return found.questions if found else ()


def _continue(
    request: SignedInRequest, application: Application, part: str, questions: tuple[Question, ...]
) -> HttpResponse:
    files, refused = _checked_files(request, questions)
    saved = _save(request, application, part, questions, files, done=True)
    if saved.completed and not refused:
        return redirect(_next_page(request, application, saved))

    unknown = any(fault.code is FaultCode.AUTHORITY_UNKNOWN for fault in saved.faults)
    typed = taken_apart(questions, request.POST, get_language() or "en") if unknown else request.POST
    form = PartForm(saved.part, saved.form, typed)
    form.show_faults(fault for fault in saved.faults if fault.key not in refused)
    for key, why in refused.items():
        form.add_error(key, _refused_words(why))
    return _page(request, application, saved.part, saved.form, form, status=422)


def _save_for_later(
    request: SignedInRequest, application: Application, part: str, questions: tuple[Question, ...]
) -> HttpResponse:
    files, _refused = _checked_files(request, questions)
    _save(request, application, part, questions, files, done=False)
    return redirect("see-application", application.reference)


def _autosave(
    request: SignedInRequest, application: Application, part: str, questions: tuple[Question, ...]
) -> HttpResponse:
    _save(request, application, part, questions, {}, done=None)
    words = {"saved_at": to_the_minute(application.saved_at), "edition": application.edition}
    return render(request, "participant/applications/saved.html", words)


def _open_group(
    request: SignedInRequest, application: Application, part: str, questions: tuple[Question, ...]
) -> HttpResponse:
    typed = apply.Typed(typed_texts(questions, request.POST))
    try:
        apply.open_group_for_colleagues(
            application=application, part=part, typed=typed, actor=request.actor, now=clock.now()
        )
    except GroupClosed:
        filled = form_to_fill(application)
        found = filled.part(part) or filled.parts[0]
        form = PartForm(found, filled)
        return _page(request, application, found, filled, form, status=409, group_refused=True)
    return redirect("edit-part", application.reference, part)


def _save(
    request: SignedInRequest,
    application: Application,
    part: str,
    questions: tuple[Question, ...],
    files: dict[str, CheckedUpload],
    *,
    done: bool | None,
) -> apply.SavedPart:
    file_keys = [question.key for question in questions if question.kind is Kind.FILE]
    removed = frozenset(key for key in file_keys if request.POST.get(f"{key}.remove") and key not in files)
    by_hand = done is not None
    typed = apply.Typed(typed_texts(questions, request.POST), files, removed if by_hand else frozenset())
    return apply.save(application=application, part=part, typed=typed, done=done, actor=request.actor, now=clock.now())


def _checked_files(
    request: SignedInRequest, questions: tuple[Question, ...]
) -> tuple[dict[str, CheckedUpload], dict[str, tuple[str, ...]]]:
    """Return the uploads that may be kept, and why others may not."""
    kept: dict[str, CheckedUpload] = {}
    refused: dict[str, tuple[str, ...]] = {}
    for question in questions:
        upload = request.FILES.get(question.key)
        if question.kind is not Kind.FILE or upload is None:
            continue
        try:
            kept[question.key] = check_upload(upload, Purpose.ENDORSEMENT)
        except UploadRefused as why:
            refused[question.key] = why.ruling.reasons
    return kept, refused


def _refused_words(reasons: tuple[str, ...]) -> str:
    words = {
        "file_too_large": _("This file is too large: at most 10 MB."),
        "file_empty": _("This file is empty."),
        "file_kind": _("This is no PDF, JPEG or PNG file. Save it as one of these and choose it again."),
        "file_broken": _("This picture cannot be read. Save it again and choose it once more."),
    }
    return words.get(reasons[0], words["file_kind"])


def _next_page(request: SignedInRequest, application: Application, saved: apply.SavedPart) -> str:
    following = saved.form.after(saved.part.key)
    if following is None or request.GET.get("then") == "check":
        name = "send-again" if application.state == ApplicationState.INCOMPLETE else "check-application"
        return reverse(name, args=[application.reference])
    return reverse("edit-part", args=[application.reference, following.key])


def _over(request: SignedInRequest, application: Application) -> HttpResponse:
    words = {
        **page_frame(request, application.edition),
        "application": application,
        "edition": application.edition,
        "sent": application.submitted_at is not None,
        "back": back_to_application(application.reference),
    }
    return render(request, "participant/applications/over.html", words, status=409)


def _page(
    request: SignedInRequest,
    application: Application,
    part: FormPart,
    filled: FilledForm,
    form: PartForm,
    *,
    status: int = 200,
    group_refused: bool = False,
) -> HttpResponse:
    kinds = {question.kind for question in part.questions}
    words: dict[str, Any] = {
        **page_frame(request, application.edition),
        "application": application,
        "edition": application.edition,
        "part": part,
        "title": part_title(part.key),
        "count": len(filled.parts),
        "form": form,
        "files": filled.files,
        "authorities": list_authority_labels(get_language() or "en") if Kind.AUTHORITY in kinds else [],
        "group": application.group if Kind.GROUP_CODE in kinds else None,
        "group_size": count_members(application.group) if Kind.GROUP_CODE in kinds else 0,
        "group_refused": group_refused,
        "then_check": request.GET.get("then") == "check",
        "back": back_to_application(application.reference),
    }
    return render(request, TEMPLATE, words, status=status)
