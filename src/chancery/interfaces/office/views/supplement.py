"""Asking an applicant for what is missing or for a Latin name, and ending what nobody completed."""

from datetime import datetime

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.admissions.models import Application
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import application_of, edition_of
from chancery.interfaces.office.forms.supplement import MissingForm
from chancery.interfaces.office.panes_shown import ASSESS
from chancery.interfaces.office.reviewing import do_act
from chancery.journey import naming, supplement


@office_page(Permission.DRAFT_DECISION)
@require_POST
@sent_once
def ask_for_missing(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Ask for what is missing; the applicant can change that again, and nothing else."""

    def act(application: Application, form: Form, now: datetime) -> str:
        supplement.ask_for_missing(
            application_id=application.pk,
            asked=form.cleaned_data["asked"],
            text=form.cleaned_data["text"],
            wished_by=form.cleaned_data["wished_by"],
            actor=request.actor,
            now=now,
        )
        return _("Asked. It is the applicant's turn now.")

    application = application_of(edition_of(request, edition_slug), reference)
    form = MissingForm(request.POST, prefix="missing", application=application)
    return do_act(request, edition_slug, reference, ASSESS, form, act)


@office_page(Permission.DRAFT_DECISION)
@require_POST
@sent_once
def let_expire(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """End an application whose missing parts did not come by the day."""

    def act(application: Application, form: Form, now: datetime) -> str:
        supplement.let_expire(application_id=application.pk, actor=request.actor, now=now)
        return _("The application has expired. The applicant gets a mail.")

    return do_act(request, edition_slug, reference, ASSESS, Form(request.POST), act)


@office_page(Permission.TALK)
@require_POST
@sent_once
def ask_for_latin_name(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Ask the applicant how the name is written in Latin letters."""

    def act(application: Application, form: Form, now: datetime) -> str:
        naming.ask_for_latin_name(application_id=application.pk, actor=request.actor, now=now)
        return _("Asked by mail. The applicant writes the name on a page of their own.")

    return do_act(request, edition_slug, reference, ASSESS, Form(request.POST), act)
