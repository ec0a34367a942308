"""What readers see: the applications they are asked to judge, and nothing about fees or each other before sending."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.admissions.policies.assessing import may_assess
from chancery.domain.admissions.queries.assessing import (
    assessment_facts,
    list_assigned_to,
    list_visible_assessments,
    shares_city,
)
from chancery.domain.admissions.queries.form import ShownAnswer, ShownPart, read_form, show_answers, show_left_answers
from chancery.domain.admissions.services.assessing import stand_aside
from chancery.domain.admissions.states import WITH_THE_OFFICE
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.domain.programme.readers.edition_file import Criterion, QuestionPart
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.files.storage import path_of
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.frame import Link
from chancery.foundation.ui.parts import Answer
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.applications_shown import who
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.admissions import AssessmentForm, StandAsideForm
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.journey.assess import send_assessment

# Readers judge the case, not the purse: who pays is none of their business.
HIDDEN_PARTS = frozenset({QuestionPart.PAYER, QuestionPart.CONSENTS})


@office_page(Permission.ASSESS)
def list_readings(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show what the reader is asked to judge, unsent first."""
    edition = edition_of(request, edition_slug)
    rows = [{"assessment": each, "who": who(each.application)} for each in list_assigned_to(request.user, edition.pk)]
    words = {
        "to_read": [row for row in rows if row["assessment"].submitted_at is None],  # type: ignore[attr-defined]  # as put in above
        "sent": [row for row in rows if row["assessment"].submitted_at is not None],  # type: ignore[attr-defined]  # as above
    }
    return render(request, "office/admissions/readings.html", words)


@office_page(Permission.ASSESS)
@sent_once
def read_application(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Show one application to its reader, and take the judgement in."""
    edition = edition_of(request, edition_slug)
    mine = _mine(request, edition, reference)
    form = AssessmentForm(request.POST or None, criteria=get_content(edition).criteria)
    if request.method != "POST":
        return _page(request, mine, form=form)
    if not form.is_valid():
        return _page(request, mine, form=form, status=422)
    try:
        send_assessment(
            application_id=mine.application_id,
            scores=form.scores(),
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        return _page(request, mine, form=form, status=409, refused=reasons_in_words(refused))
    messages.success(request, _("Your assessment is sent. You see the other one once both are in."))
    return redirect("list-readings", edition_slug)


@office_page(Permission.ASSESS)
@require_POST
@sent_once
def step_back(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Step back from an application because of a declared interest."""
    edition = edition_of(request, edition_slug)
    mine = _mine(request, edition, reference)
    form = StandAsideForm(request.POST, prefix="aside")
    if not form.is_valid():
        return _page(request, mine, aside=form, status=422)
    try:
        stand_aside(
            application_id=mine.application_id,
            assessor_id=request.user.pk,
            because=form.cleaned_data["because"],
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        return _page(request, mine, aside=form, status=409, refused=reasons_in_words(refused))
    messages.success(request, _("You stepped back. The desk asks somebody else."))
    return redirect("list-readings", edition_slug)


@office_page(Permission.ASSESS)
def open_reading_file(request: OfficeRequest, edition_slug: str, reference: str, key: str) -> FileResponse:
    """Give an uploaded paper out to a reader who is asked to judge it."""
    mine = _mine(request, edition_of(request, edition_slug), reference)
    parts, left = _shown(mine.application)
    answers = [*(answer for part in parts for answer in part.answers), *left]
    file = next((answer.file for answer in answers if answer.key == key), None)
    if file is None:
        raise Http404
    response = FileResponse(path_of(file).open("rb"), as_attachment=True, filename=file.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _mine(request: OfficeRequest, edition: Edition, reference: str) -> Assessment:
    """Return what the reader was asked; not asked, stepped back or from the same city is a 404."""
    rows = Assessment.objects.filter(assessor=request.user, stood_aside_at=None, application__edition=edition)
    rows = rows.select_related("application__person", "application__authority__city", "application__edition")
    mine = get_object_or_404(rows, application__reference=reference)
    if shares_city(request.user.pk, mine.application):
        raise Http404
    return mine


def _page(
    request: OfficeRequest,
    mine: Assessment,
    *,
    form: AssessmentForm | None = None,
    aside: StandAsideForm | None = None,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    application, content = mine.application, get_content(mine.application.edition)
    bound: Form | None = form or aside
    parts, left = _shown(application)
    words = {
        "application": application,
        "who": who(application),
        "mine": mine,
        "may_assess": _may_assess(mine, application),
        "parts": parts,
        "left": left,
        "opened": [part.key for part in parts],
        "assessment_form": form or AssessmentForm(criteria=content.criteria),
        "aside_form": aside or StandAsideForm(prefix="aside"),
        "seen": [_judgement(each, content.criteria) for each in _visible(request, application)],
        "form": bound if bound and bound.errors else None,
        "refused": refused,
        "back": Link(_("To read"), reverse("list-readings", args=[application.edition.slug])),
    }
    return render(request, "office/admissions/reading.html", words, status=status)


def _shown(application: Application) -> tuple[list[ShownPart], tuple[ShownAnswer, ...]]:
    """Return what a reader may see: parts of the form, and answers to questions that it asks no more."""
    filled, language = read_form(application), get_language() or "en"
    parts = [part for part in show_answers(filled, language) if part.key not in HIDDEN_PARTS]
    return parts, show_left_answers(filled, application.edition, language, hidden=HIDDEN_PARTS)


def _may_assess(mine: Assessment, application: Application) -> bool:
    fact = assessment_facts([mine])[0]
    return may_assess(fact, with_the_office=application.state in WITH_THE_OFFICE).allowed


def _visible(request: OfficeRequest, application: Application) -> list[Assessment]:
    return list_visible_assessments(application, request.user, sees_applications=False)


def _judgement(assessment: Assessment, criteria: Sequence[Criterion]) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "assessor": assessment.assessor.email,
        "reason": assessment.reason,
        "scores": [Answer(c.label.say(language), str(assessment.scores.get(c.key, ""))) for c in criteria],
    }
