"""What the office and the applicant said to each other, and the box to answer."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.dialogue import list_dialogue
from chancery.domain.admissions.services.talking import NothingSaid, NotSentYet
from chancery.domain.admissions.states import Direction
from chancery.foundation import clock
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.participant.access import SignedInRequest, own_application
from chancery.interfaces.participant.forms.dialogue import MessageForm
from chancery.interfaces.participant.page_frame import back_to_application, page_frame
from chancery.interfaces.participant.standing import standing_of
from chancery.journey import correspond


@own_application
@require_http_methods(["GET", "POST"])
@sent_once
def see_dialogue(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show the talk, oldest first, without the office's own notes; take in an answer."""
    if application.submitted_at is None:
        return redirect("see-application", application.reference)
    if request.method != "POST":
        return _page(request, application, MessageForm())
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, application, form, status=422)
    try:
        correspond.hear_from_applicant(
            application_id=application.pk,
            text=form.cleaned_data["text"],
            actor=request.actor,
            now=clock.now(),
        )
    except (NothingSaid, NotSentYet):
        return _page(request, application, form, status=409)
    return redirect("see-dialogue", application.reference)


def _page(request: SignedInRequest, application: Application, form: MessageForm, status: int = 200) -> HttpResponse:
    words = {
        **page_frame(request, application.edition),
        "application": application,
        "edition": application.edition,
        "entries": list_dialogue(application).exclude(direction=Direction.NOTE),
        "standing": standing_of(application),
        "form": form,
        "back": back_to_application(application.reference),
    }
    return render(request, "participant/applications/dialogue.html", words, status=status)
