"""Completing an application: look at what was asked for again, then send it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.supplement import form_to_fill
from chancery.domain.admissions.services.supplementing import SupplementNotReady
from chancery.domain.admissions.states import ApplicationState
from chancery.foundation import clock
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.participant.access import SignedInRequest, own_application
from chancery.interfaces.participant.page_frame import back_to_application, page_frame
from chancery.interfaces.participant.views.summaries import checked_parts, missing_words
from chancery.journey import supplement


@own_application
@require_http_methods(["GET", "POST"])
@sent_once
def send_again(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show what was asked for with its answers as they stand now, then send it."""
    if application.state != ApplicationState.INCOMPLETE:
        return redirect("see-application", application.reference)
    if request.method != "POST":
        return _page(request, application)
    try:
        supplement.send_again(application=application, actor=request.actor, now=clock.now())
    except SupplementNotReady as refused:
        return _page(request, application, refused.ruling.reasons)
    return redirect("see-sent", application.reference)


def _page(request: SignedInRequest, application: Application, refused: tuple[str, ...] = ()) -> HttpResponse:
    words = {
        **page_frame(request, application.edition),
        **missing_words(application),
        "application": application,
        "edition": application.edition,
        "parts": checked_parts(application, form_to_fill(application)),
        "refused": refused,
        "back": back_to_application(application.reference),
    }
    return render(request, "participant/applications/send_again.html", words, status=409 if refused else 200)
