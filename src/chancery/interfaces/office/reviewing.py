"""One application at the desk as a page, and the acts that lead back to one of its panes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.domain.admissions.mails.latin_name import LATIN_NAME
from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.desk import group_of, neighbours
from chancery.domain.admissions.queries.form import show_answers, show_left_answers
from chancery.domain.admissions.queries.supplement import list_supplements, sent_form
from chancery.domain.admissions.states import WITH_THE_OFFICE, ApplicationState
from chancery.domain.admissions.wording import STATES
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.fonts import printable_name
from chancery.foundation.mail.queries import list_mail
from chancery.foundation.ruling import Refused
from chancery.foundation.ui.frame import Link
from chancery.interfaces.office.access import OfficeRequest
from chancery.interfaces.office.applications_shown import TONES, who
from chancery.interfaces.office.desk_filters import desk_filter, desk_form
from chancery.interfaces.office.finding import application_of, edition_of
from chancery.interfaces.office.forms.admissions import GROUPS
from chancery.interfaces.office.panes_shown import ASSESS, DECIDE, DIALOGUE, HISTORY, PANES, pane_words
from chancery.interfaces.office.refusals import reasons_in_words

# What an answer is judged by stands open; the rest is a click away.
OPENED_PARTS = ("work", "abroad", "experience", "problem")


def review_page(
    request: OfficeRequest,
    application: Application,
    pane: str,
    *,
    form: Form | None = None,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    """Show an application with one of its panes: the one that is named, or what comes next for it."""
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
        **_name_words(application),
        "form": form if form and form.errors else None,
        "refused": refused,
        "back": Link(_("Applications"), reverse("list-applications", args=[edition.slug])),
        **_may(request, application),
        **pane_words(pane, request, application, form=form, now=now),
    }
    return render(request, "office/admissions/review.html", words, status=status)


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
        return review_page(request, application, pane, form=form, status=422)
    try:
        said = act(application, form, clock.now())
    except Refused as refused:
        return review_page(request, application, pane, form=form, status=409, refused=reasons_in_words(refused))
    messages.success(request, said)
    address = reverse("review-application", args=[edition_slug, reference])
    return redirect(f"{address}?pane={pane}#pane")


def _name_words(application: Application) -> dict[str, Any]:
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
