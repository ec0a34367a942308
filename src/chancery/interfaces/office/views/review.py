"""One application at the desk: its answers beside the panes assess, dialogue, decide and history."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.admissions.mails.latin_name import LATIN_NAME
from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.deciding import current_decision
from chancery.domain.admissions.queries.desk import group_of, neighbours
from chancery.domain.admissions.queries.form import show_answers, show_left_answers
from chancery.domain.admissions.queries.supplement import find_replaced_file, list_supplements, sent_form
from chancery.domain.admissions.services.assessing import assign_assessors
from chancery.domain.admissions.services.deciding import draft_decision, drop_decision
from chancery.domain.admissions.services.talking import leave_unanswered, write_note
from chancery.domain.admissions.states import WITH_THE_OFFICE, ApplicationState, CallOutcome, Outcome
from chancery.domain.admissions.wording import STATES
from chancery.foundation import clock
from chancery.foundation.accounts.queries import list_holders
from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.fonts import printable_name
from chancery.foundation.files.models import StoredFile
from chancery.foundation.files.storage import path_of
from chancery.foundation.mail.queries import list_mail
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.frame import Link
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.applications_shown import who
from chancery.interfaces.office.finding import application_of, edition_of
from chancery.interfaces.office.forms.admissions import (
    GROUPS,
    AssessorsForm,
    CallForm,
    DecisionForm,
    MessageForm,
    NoteForm,
)
from chancery.interfaces.office.panes_shown import ASSESS, DECIDE, DIALOGUE, HISTORY, PANES, pane_words
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.views.applications import TONES, desk_filter, desk_form
from chancery.journey import correspond

# What an answer is judged by stands open; the rest is a click away.
OPENED_PARTS = ("work", "abroad", "experience", "problem")


@office_page(Permission.SEE_APPLICATIONS)
def review_application(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Show an application with one of its panes."""
    edition = edition_of(request, edition_slug)
    return _page(request, application_of(edition, reference), request.GET.get("pane", ""))


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


def do_act(
    request: OfficeRequest,
    edition_slug: str,
    reference: str,
    pane: str,
    form: Form,
    act: Callable[[Application, Form, datetime], str],
) -> HttpResponse:
    """Do one act and go back to its pane; show the pane again with what stands in the way."""
    application = application_of(edition_of(request, edition_slug), reference)
    if not form.is_valid():
        return _page(request, application, pane, form=form, status=422)
    try:
        said = act(application, form, clock.now())
    except Refused as refused:
        return _page(request, application, pane, form=form, status=409, refused=reasons_in_words(refused))
    messages.success(request, said)
    address = reverse("review-application", args=[edition_slug, reference])
    return redirect(f"{address}?pane={pane}")


def _paper(file: StoredFile) -> FileResponse:
    response = FileResponse(path_of(file).open("rb"), as_attachment=True, filename=file.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page(
    request: OfficeRequest,
    application: Application,
    pane: str,
    *,
    form: Form | None = None,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    edition, now = application.edition, clock.now()
    pane = pane if pane in PANES else DIALOGUE if application.state == ApplicationState.IN_DIALOGUE else ASSESS
    group = group_of(application, now)
    before, after = neighbours(edition, desk_filter(request, edition, desk_form(request)), application, now=now)
    sent, language = sent_form(application), get_language() or "en"
    words = {
        "application": application,
        "who": who(application),
        "state": STATES[ApplicationState(application.state)],
        "turn": GROUPS[group],
        "turn_tone": TONES[group],
        "pane": pane,
        "panes": _tabs(request, application, pane),
        "before": before,
        "after": after,
        "opened": OPENED_PARTS,
        "parts": show_answers(sent, language),
        "left": show_left_answers(sent, edition, language),
        "supplements": list_supplements(application, language),
        **name_words(application),
        "form": form if form and form.errors else None,
        "refused": refused,
        "back": Link(_("Applications"), reverse("list-applications", args=[edition.slug])),
        **_may(request, application),
        **pane_words(pane, request, application, form=form, now=now),
    }
    return render(request, "office/admissions/review.html", words, status=status)


def name_words(application: Application) -> dict[str, Any]:
    """Return how papers print the name where they cannot print it as written, and when a Latin form was asked for."""
    name = printable_name(application.person.name, application.person.latin_name)
    if not name.fell_back:
        return {}
    asked = list_mail(about=ref(application)).filter(kind=LATIN_NAME).first() if name.latin_wanted else None
    return {"printed_name": name, "latin_asked_at": asked.queued_at if asked else None}


def _tabs(request: OfficeRequest, application: Application, pane: str) -> list[Link]:
    address = reverse("review-application", args=[application.edition.slug, application.reference])
    labels = {ASSESS: _("Assess"), DIALOGUE: _("Dialogue"), DECIDE: _("Decide"), HISTORY: _("History")}
    query = request.GET.copy()

    def href(key: str) -> str:
        query["pane"] = key
        return f"{address}?{query.urlencode()}#pane"

    return [Link(label, href(key), current=key == pane) for key, label in labels.items()]


def _may(request: OfficeRequest, application: Application) -> dict[str, bool]:
    with_us = application.state in WITH_THE_OFFICE
    return {
        "may_bill": permits(request.roles, Permission.MOVE_MONEY),
        "may_talk": permits(request.roles, Permission.TALK),
        "may_ask": permits(request.roles, Permission.DRAFT_DECISION),
        "may_decide": permits(request.roles, Permission.DRAFT_DECISION) and with_us,
        "sees_fees": permits(request.roles, Permission.SEE_FEES),
    }
