"""One application at the desk: its answers beside the panes assess, dialogue, decide and history."""

from datetime import datetime

from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.deciding import current_decision
from chancery.domain.admissions.queries.supplement import find_replaced_file, sent_form
from chancery.domain.admissions.services.assessing import assign_assessors
from chancery.domain.admissions.services.deciding import draft_decision, drop_decision
from chancery.domain.admissions.services.talking import leave_unanswered, vouch_for_message, write_note
from chancery.domain.admissions.states import CallOutcome, Outcome
from chancery.foundation.accounts.queries import list_holders
from chancery.foundation.accounts.roles import Permission, Role
from chancery.foundation.files.models import StoredFile
from chancery.foundation.files.storage import path_of
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import application_of, edition_of
from chancery.interfaces.office.forms.admissions import (
    AssessorsForm,
    CallForm,
    DecisionForm,
    MessageForm,
    NoteForm,
)
from chancery.interfaces.office.panes_shown import ASSESS, DECIDE, DIALOGUE
from chancery.interfaces.office.reviewing import do_act, review_page
from chancery.journey import correspond


@office_page(Permission.SEE_APPLICATIONS)
def review_application(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Show an application with one of its panes."""
    edition = edition_of(request, edition_slug)
    return review_page(request, application_of(edition, reference), request.GET.get("pane", ""))


@office_page(Permission.SEE_APPLICATIONS)
def open_file(request: OfficeRequest, edition_slug: str, reference: str, key: str) -> FileResponse:
    """Give an uploaded paper out, as a download that no browser runs."""
    application = application_of(edition_of(request, edition_slug), reference)
    file = sent_form(application).files.get(key)
    if file is None:
        raise Http404
    return _paper(file)


@office_page(Permission.SEE_APPLICATIONS)
def open_replaced_file(request: OfficeRequest, edition_slug: str, reference: str, replaced_id: int) -> FileResponse:
    """Give a paper out that was sent first and replaced when we asked for another."""
    file = find_replaced_file(application_of(edition_of(request, edition_slug), reference), replaced_id)
    if file is None:
        raise Http404
    return _paper(file)


@office_page(Permission.DRAFT_DECISION)
@require_POST
@sent_once
def ask_readers(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Ask two people to read the application."""

    def act(application: Application, form: Form, now: datetime) -> str:
        ids = [user.pk for user in form.cleaned_data["assessors"]]
        assign_assessors(application_id=application.pk, assessor_ids=ids, actor=request.actor, now=now)
        return _("The readers are asked.")

    form = AssessorsForm(request.POST, holders=list_holders(Role.ASSESSOR))
    return do_act(request, edition_slug, reference, ASSESS, form, act)


@office_page(Permission.TALK)
@require_POST
@sent_once
def write_to_applicant(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Write to the applicant, on the page and by mail."""

    def act(application: Application, form: Form, now: datetime) -> str:
        correspond.write_to_applicant(
            application_id=application.pk,
            text=form.cleaned_data["text"],
            wished_by=form.cleaned_data["wished_by"],
            actor=request.actor,
            now=now,
        )
        return _("Sent. It is the applicant's turn now.")

    return do_act(request, edition_slug, reference, DIALOGUE, MessageForm(request.POST, prefix="message"), act)


@office_page(Permission.TALK)
@require_POST
@sent_once
def log_call(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Log a call with its outcome."""

    def act(application: Application, form: Form, now: datetime) -> str:
        correspond.log_call(
            application_id=application.pk,
            outcome=CallOutcome(form.cleaned_data["outcome"]),
            text=form.cleaned_data["text"],
            actor=request.actor,
            now=now,
        )
        return _("The call is logged.")

    return do_act(request, edition_slug, reference, DIALOGUE, CallForm(request.POST, prefix="call"), act)


@office_page(Permission.TALK)
@require_POST
@sent_once
def keep_note(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Keep an internal note."""

    def act(application: Application, form: Form, now: datetime) -> str:
        write_note(application_id=application.pk, text=form.cleaned_data["text"], actor=request.actor, now=now)
        return _("The note is kept. Only the office sees it.")

    return do_act(request, edition_slug, reference, DIALOGUE, NoteForm(request.POST, prefix="note"), act)


@office_page(Permission.TALK)
@require_POST
@sent_once
def leave_message(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Say that the last message needs no answer."""

    def act(application: Application, form: Form, now: datetime) -> str:
        leave_unanswered(application_id=application.pk, actor=request.actor, now=now)
        return _("Noted. No answer is owed any more.")

    return do_act(request, edition_slug, reference, DIALOGUE, Form(request.POST), act)


@office_page(Permission.TALK)
@require_POST
@sent_once
def vouch(request: OfficeRequest, edition_slug: str, reference: str, message_id: int) -> HttpResponse:
    """Say that a mail that may be somebody else's is the applicant's."""

    def act(application: Application, form: Form, now: datetime) -> str:
        vouch_for_message(application_id=application.pk, entry_id=message_id, actor=request.actor, now=now)
        return _("Noted. The message counts as the applicant's.")

    return do_act(request, edition_slug, reference, DIALOGUE, Form(request.POST), act)


@office_page(Permission.DRAFT_DECISION)
@require_POST
@sent_once
def draft(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Draft the answer; nobody outside sees it before it is given out."""

    def act(application: Application, form: Form, now: datetime) -> str:
        draft_decision(
            application_id=application.pk,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=now,
        )
        return _("The decision is drafted. It goes out with the next release.")

    return do_act(request, edition_slug, reference, DECIDE, DecisionForm(request.POST, prefix="decision"), act)


@office_page(Permission.DRAFT_DECISION)
@require_POST
@sent_once
def drop(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Take the drafted decision back."""

    def act(application: Application, form: Form, now: datetime) -> str:
        decision = current_decision(application)
        if decision is None:
            raise Http404
        drop_decision(decision_id=decision.pk, actor=request.actor, now=now)
        return _("The draft is taken back.")

    return do_act(request, edition_slug, reference, DECIDE, Form(request.POST), act)


def _paper(file: StoredFile) -> FileResponse:
    response = FileResponse(path_of(file).open("rb"), as_attachment=True, filename=file.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response
